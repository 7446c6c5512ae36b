// The peer of a cold start: a faas-js-runtime function as its guide writes it, with the whole Kubernetes client, not bundled.
import { readFileSync } from 'node:fs';
// oxlint-disable-next-line no-restricted-imports -- a peer, not a part of this program
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import faas from 'faas-js-runtime';

function connect() {
  const { KUBE_API_URL, KUBE_TOKEN_FILE, KUBE_CA_FILE } = process.env;
  const config = new KubeConfig();
  if (KUBE_API_URL === undefined) config.loadFromDefault();
  else {
    const caData = readFileSync(KUBE_CA_FILE).toString('base64');
    const token = readFileSync(KUBE_TOKEN_FILE, 'utf8').trim();
    config.loadFromClusterAndUser({ name: 'cluster', server: KUBE_API_URL, caData }, { name: 'user', token });
  }
  return config.makeApiClient(CoreV1Api);
}

const kube = connect();

/** `/` answers at once, `/?list` with the names of the namespace's ConfigMaps. */
async function handle({ query }) {
  if (!('list' in query)) return { body: 'ok' };
  const { items } = await kube.listNamespacedConfigMap({ namespace: process.env.DEPLOYMENT_NAMESPACE });
  return { body: items.map(({ metadata }) => metadata.name) };
}

await faas.start(handle, { port: Number(process.env.PORT) });
