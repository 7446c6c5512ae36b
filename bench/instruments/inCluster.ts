// How a function finds the API server when it runs in a pod: by a token of its own, not by a person's kubeconfig.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiServer } from './apiServer';
import { openClient, type Endpoint } from './client';

export interface InCluster {
  /** The same API server to the same account: what it asks of a request depends on who sends it. */
  readonly endpoint: Endpoint;
  readonly environment: Readonly<Record<string, string>>;
  readonly close: () => void;
}

const ACCOUNT = 'default';
const TOKEN_SECONDS = 3_600;

/** The client that reads kubeconfig files is 25 MB of JavaScript, which no pod loads. */
export async function inCluster(api: ApiServer): Promise<InCluster> {
  if (!api.isReal) return { endpoint: api.endpoint, environment: api.environment, close: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'hub-functions-bench-pod-'));
  const [token, ca] = [join(folder, 'token'), join(folder, 'ca.crt')];
  const secret = await tokenOf(api);
  const { url, tls: { ca: authority = '' } = {} } = api.endpoint;
  writeFileSync(token, secret, { mode: 0o600 });
  writeFileSync(ca, String(authority));
  return {
    endpoint: { url, headers: { authorization: `Bearer ${secret}` }, tls: { ca: authority } },
    environment: { KUBE_API_URL: url, KUBE_TOKEN_FILE: token, KUBE_CA_FILE: ca },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function tokenOf({ endpoint, namespace }: ApiServer): Promise<string> {
  const client = openClient(endpoint);
  try {
    const binding = {
      metadata: { name: 'bench' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
      subjects: [{ kind: 'ServiceAccount', name: ACCOUNT, namespace }],
    };
    const bindings = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`;
    // Another measurement of the same run may have made it.
    await client.send('POST', bindings, { body: binding });
    const tokens = `/api/v1/namespaces/${namespace}/serviceaccounts/${ACCOUNT}/token`;
    const wish = { spec: { expirationSeconds: TOKEN_SECONDS } };
    const answer = await client.expect('POST', tokens, { body: wish });
    return (answer as { readonly status: { readonly token: string } }).status.token;
  } finally {
    client.close();
  }
}
