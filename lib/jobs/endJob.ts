// Ends a job before its time, so that its log stays: Kubernetes deletes the pods of a Job that it ends itself, log and all.
import type { Call, Kube } from '../kube/kube';
import type { KubeObject } from '../kube/objects';
import type { ObjectRef } from '../kube/resources';
import { ANNOTATIONS } from '../labels';
import type { Pod } from '../status/observed';
import { hasEnded } from './attempts';
import type { EarlyEnd } from './jobState';
import type { ObservedJob } from './observedJob';
import { readJobPods } from './readJobPods';

export interface Ending {
  readonly job: ObservedJob;
  readonly why: EarlyEnd;
  /** The nodes of what runs do not answer: nobody waits for them. */
  readonly isLost?: boolean;
  /** Only while it is this one: fails with code `conflict` when somebody changed it since. */
  readonly resourceVersion?: string | undefined;
}

/**
 * Writes down why, allows no more attempts, and lets the kubelet end those that run, with their grace period; a job that
 * runs nowhere is suspended. Repeatable: the first reason stays. Undefined when the Job went meanwhile.
 */
export async function endJob(
  kube: Kube,
  { job, why, isLost = false, resourceVersion }: Ending,
  call: Call,
): Promise<KubeObject | undefined> {
  const { name = '', namespace, uid, annotations } = job.metadata ?? {};
  const ref = { apiVersion: 'batch/v1', kind: 'Job', namespace, name };
  const told = annotations?.[ANNOTATIONS.earlyEnd] ?? why;
  const ended = await kube.mergePatch<KubeObject>(
    ref,
    { metadata: { uid, resourceVersion, annotations: { [ANNOTATIONS.earlyEnd]: told } }, spec: { backoffLimit: 0 } },
    call,
  );
  if (ended === undefined) return undefined;
  const active = isLost ? [] : await activePods(kube, job, call);
  if (active.length === 0)
    return kube.mergePatch<KubeObject>(ref, { metadata: { uid }, spec: { suspend: true } }, call);
  await Promise.all(
    active.map(async (pod) =>
      passDeadline(kube, { ...ref, apiVersion: 'v1', kind: 'Pod', name: pod.metadata?.name ?? '' }, call),
    ),
  );
  return ended;
}

async function activePods(kube: Kube, job: ObservedJob, call: Call): Promise<readonly Pod[]> {
  const pods = await readJobPods(kube, job, call);
  return pods.filter((pod) => !hasEnded(pod) && pod.spec?.nodeName !== undefined);
}

/** A pod past its deadline fails and stays, and so does its log. */
async function passDeadline(kube: Kube, pod: ObjectRef, call: Call): Promise<void> {
  await kube.mergePatch(pod, { spec: { activeDeadlineSeconds: 1 } }, call);
}
