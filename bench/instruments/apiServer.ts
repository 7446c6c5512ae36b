// The API server that a bench runs against, embedded or that of KUBECONFIG, with a namespace made for the run.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readKubeconfig } from '../../test/support/kubeconfigFile';
import { openClient, type Client, type Endpoint } from './client';
import { forkEmbedded } from './embedded';

export interface ApiServer {
  readonly title: string;
  /** The one of KUBECONFIG. */
  readonly isReal: boolean;
  readonly endpoint: Endpoint;
  /** How a function finds it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly namespace: string;
  readonly close: () => Promise<void>;
}

export interface ApiServerOptions {
  readonly isReal: boolean;
  /** This program, which is the embedded cluster as well. */
  readonly program: string;
  readonly folder: string;
}

type Reached = Pick<ApiServer, 'title' | 'endpoint' | 'environment'> & { readonly stop: () => Promise<void> };

export async function openApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { stop, ...reached } = options.isReal ? fromKubeconfig() : await startOwn(options);
  const namespace = `bench-${randomBytes(3).toString('hex')}`;
  const client = openClient(reached.endpoint);
  try {
    await createNamespace(client, namespace);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...reached,
    isReal: options.isReal,
    namespace,
    close: async () => {
      await client.send('DELETE', `/api/v1/namespaces/${namespace}`);
      client.close();
      await stop();
    },
  };
}

async function startOwn({ program, folder }: ApiServerOptions): Promise<Reached> {
  const stateDir = join(folder, 'cluster');
  mkdirSync(stateDir, { mode: 0o700 });
  const { environment, stop } = await forkEmbedded(program, stateDir);
  const { KUBE_API_URL: url = '', KUBE_TOKEN_FILE = '', KUBE_CA_FILE = '' } = environment;
  const authorization = `Bearer ${readFileSync(KUBE_TOKEN_FILE, 'utf8').trim()}`;
  const endpoint = { url, headers: { authorization }, tls: { ca: readFileSync(KUBE_CA_FILE) } };
  return { title: 'embedded cluster', endpoint, environment, stop };
}

function fromKubeconfig(): Reached {
  const file = process.env['KUBECONFIG'];
  if (file === undefined) throw new Error('--kubeconfig needs KUBECONFIG, which names the file');
  const { url, token, ...tls } = readKubeconfig(file);
  const endpoint = { url, headers: token === undefined ? {} : { authorization: `Bearer ${token}` }, tls };
  return {
    title: `cluster of ${file}`,
    endpoint,
    environment: { KUBECONFIG: resolve(file) },
    stop: async () => undefined,
  };
}

const ACCOUNT_PATIENCE_MS = 10_000;

/** Pods are refused until the namespace has its ServiceAccount. */
async function createNamespace(client: Client, name: string): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  await client.expect('POST', '/api/v1/namespaces', { body: namespace });
  const giveUpAt = performance.now() + ACCOUNT_PATIENCE_MS;
  const account = `/api/v1/namespaces/${name}/serviceaccounts/default`;
  while ((await client.send('GET', account)).status !== 200 && performance.now() < giveUpAt) await sleep(50);
}
