// Reads the pods of a Job: one for each attempt.
import type { Call, Kube } from '../kube/kube';
import type { KubeObject } from '../kube/objects';
import type { Pod } from '../status/observed';
import { inOrder } from './attempts';
import type { ObservedJob } from './observedJob';

/** The label that Kubernetes gives to the pods of a Job; old API servers know no other one. */
const JOB_NAME = 'job-name';

/** The oldest first. */
export async function readJobPods(kube: Kube, { metadata }: ObservedJob, call: Call): Promise<readonly Pod[]> {
  const { name, namespace, uid } = metadata ?? {};
  const { items } = await kube.list<KubeObject>(
    { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: `${JOB_NAME}=${name}` },
    call,
  );
  return inOrder(items.filter((pod) => pod.metadata?.ownerReferences?.some((owner) => owner.uid === uid)));
}
