// The kubeconfig file with which kubectl reaches the embedded cluster.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';

export interface Access {
  readonly url: string;
  readonly token: string;
  /** The certificate authority, PEM. */
  readonly authority: string;
}

const NAME = 'embedded';

/** Answers the path of the file. */
export async function writeKubeconfig(stateDir: string, access: Access): Promise<string> {
  const file = join(stateDir, 'kubeconfig');
  await writeFile(file, stringify(kubeconfigOf(access)), { mode: 0o600 });
  return file;
}

function kubeconfigOf({ url, token, authority }: Access): object {
  const certificate = Buffer.from(authority).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': NAME,
    clusters: [{ name: NAME, cluster: { server: url, 'certificate-authority-data': certificate } }],
    users: [{ name: NAME, user: { token } }],
    contexts: [{ name: NAME, context: { cluster: NAME, user: NAME, namespace: 'default' } }],
  };
}
