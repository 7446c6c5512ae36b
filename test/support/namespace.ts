// A namespace of its own for each run: no run sees what another left.
import { randomBytes } from 'node:crypto';
import { eventually } from './eventually';
import { kubeClient, type ApiServer, type KubeClient } from './kubeClient';

/** Nobody needs them to be gone. */
const PODS_SECONDS = 15;

export interface TestNamespace {
  readonly kube: KubeClient;
  readonly namespace: string;
  /** Deletes the namespace; Kubernetes empties it in its own time, once the pods are gone. */
  readonly close: () => Promise<void>;
}

export async function openNamespace(server: ApiServer): Promise<TestNamespace> {
  const namespace = `contract-${randomBytes(5).toString('hex')}`;
  const kube = kubeClient(server, namespace);
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  const { status } = await kube.send('POST', '/api/v1/namespaces', object);
  if (status !== 201) throw new Error(`namespace ${namespace} could not be created: ${status}`);
  // Pods are refused until it is there.
  await eventually(async () => kube.get('serviceaccounts', 'default'));
  return {
    kube,
    namespace,
    close: async () => {
      await empty(kube, `/api/v1/namespaces/${namespace}`);
      kube.close();
    },
  };
}

/**
 * Kubernetes touches nothing else before the last pod has ended, and looks again after half of the grace that a pod asked for: minutes in
 * which everything of Knative goes on. So pods get a second (none at all may crash a kubelet that is just starting one), and Kubernetes
 * is made to look when they are gone.
 */
async function empty(kube: KubeClient, path: string): Promise<void> {
  await kube.send('DELETE', path);
  await kube.send('DELETE', `${path}/pods`, { gracePeriodSeconds: 1 });
  await untilNoPods(kube).catch(() => undefined);
  await kube.send('PATCH', path, { metadata: { annotations: { looked: 'again' } } });
}

async function untilNoPods(kube: KubeClient): Promise<void> {
  await eventually(async () => ((await kube.list('pods')).length === 0 ? true : undefined), PODS_SECONDS);
}
