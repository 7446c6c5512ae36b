// Reads the way to an API server from a kubeconfig file: certificates or a token, in the file or in files that it names.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import type { ApiServer } from './kubeClient';

type Entry = Readonly<Record<string, string | undefined>>;

interface Kubeconfig {
  readonly 'current-context': string;
  readonly contexts: readonly { readonly name: string; readonly context: Entry }[];
  readonly clusters: readonly { readonly name: string; readonly cluster: Entry }[];
  readonly users: readonly { readonly name: string; readonly user: Entry }[];
}

export function readKubeconfig(file: string): ApiServer {
  const config = parse(readFileSync(file, 'utf8')) as Kubeconfig;
  const context = config.contexts.find(({ name }) => name === config['current-context'])?.context ?? {};
  const cluster = config.clusters.find(({ name }) => name === context['cluster'])?.cluster ?? {};
  const user = config.users.find(({ name }) => name === context['user'])?.user ?? {};
  const bytes = (entry: Entry, key: string): Buffer | undefined => {
    const data = entry[`${key}-data`];
    if (data !== undefined) return Buffer.from(data, 'base64');
    const path = entry[key];
    return path === undefined ? undefined : readFileSync(resolve(dirname(file), path));
  };
  const url = cluster['server'];
  const ca = bytes(cluster, 'certificate-authority');
  if (url === undefined || ca === undefined) throw new Error(`${file} names no server or no certificate authority`);
  return { url, ca, token: user['token'], cert: bytes(user, 'client-certificate'), key: bytes(user, 'client-key') };
}
