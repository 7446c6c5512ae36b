// Where the API server has the pod of a job that was tried once.
import type { KubeObject } from '../../lib/kube/objects';
import type { Bed } from './bed';

export async function podPath({ api, raw }: Bed, id: string): Promise<string> {
  const pods = `/api/v1/namespaces/${api.namespace}/pods`;
  const answer = await raw().expect('GET', `${pods}?labelSelector=job-name=${id}`);
  const [pod] = (answer as { readonly items: readonly KubeObject[] }).items;
  if (pod === undefined) throw new Error(`job ${id} has no pod`);
  return `${pods}/${pod.metadata?.name}`;
}
