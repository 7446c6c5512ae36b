// Reads the pods of a Job: one for each attempt.
import type { Call, Kube, Page } from '../kube/kube';
import type { KubeObject } from '../kube/objects';
import type { Pod } from '../status/observed';
import { inOrder } from './attempts';
import type { ObservedJob } from './observedJob';

/** By the label that Kubernetes gives to the pods of a Job; old API servers know no other one. */
export function podSelector(job: string): string {
  return `job-name=${job}`;
}

/** The oldest first. */
export async function readJobPods(kube: Kube, job: ObservedJob, call: Call): Promise<readonly Pod[]> {
  const { name = '', namespace } = job.metadata ?? {};
  const { items } = await listPodsNamed(kube, { namespace, name }, call);
  return podsOf(job, items);
}

/** Of every Job that has or had this name. */
export async function listPodsNamed(
  kube: Kube,
  { namespace, name }: { readonly namespace: string | undefined; readonly name: string },
  call: Call,
): Promise<Page<KubeObject>> {
  return kube.list<KubeObject>({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: podSelector(name) }, call);
}

/** The oldest first. */
export function podsOf({ metadata }: ObservedJob, pods: readonly KubeObject[]): readonly Pod[] {
  return inOrder(pods.filter((pod) => pod.metadata?.ownerReferences?.some(({ uid }) => uid === metadata?.uid)));
}
