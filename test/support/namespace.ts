// A namespace of its own for each run: no run sees what another left.
import { randomBytes } from 'node:crypto';
import { eventually } from './eventually';
import { kubeClient, type ApiServer, type KubeClient } from './kubeClient';

export interface TestNamespace {
  readonly kube: KubeClient;
  readonly namespace: string;
  /** Deletes the namespace; Kubernetes empties it in its own time. */
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
      await kube.send('DELETE', `/api/v1/namespaces/${namespace}`);
      kube.close();
    },
  };
}
