// Reads a set and what belongs to it, as it is in the cluster now.
import { podsOf } from '../jobs/readJobPods';
import type { Call, Kube } from '../kube/kube';
import type { KubeObject } from '../kube/objects';
import type { ObjectRef } from '../kube/resources';
import { LABELS } from '../labels';
import { isOwnedBy } from '../manifests/ownership';
import type { Pod } from '../status/observed';
import { toJobSet, type JobSet } from './jobSet';
import { setName, stagesOfSet } from './names';

export interface Where {
  readonly kube: Kube;
  readonly namespace: string;
}

/** A stage's Job with the pods that it made. */
export interface ReadStage {
  readonly job: KubeObject;
  readonly pods: readonly Pod[];
}

export type ReadStages = ReadonlyMap<string, ReadStage>;

export function anchorRef(namespace: string, id: string): ObjectRef {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: setName(id) };
}

export async function getSet({ kube, namespace }: Where, id: string, call: Call): Promise<JobSet | undefined> {
  const object = await kube.get<KubeObject>(anchorRef(namespace, id), call);
  return object && toJobSet(object);
}

export async function readStages({ kube, namespace }: Where, set: JobSet, call: Call): Promise<ReadStages> {
  const labelSelector = stagesOfSet(set.id);
  const [jobs, pods] = await Promise.all([
    kube.list<KubeObject>({ apiVersion: 'batch/v1', kind: 'Job', namespace, labelSelector }, call),
    kube.list<KubeObject>({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector }, call),
  ]);
  return stagesFrom(set, jobs.items, pods.items);
}

/** With the version from which on changes were not seen yet: pods first, so that those of Jobs are told from it, too. */
export async function readStagesForWatch(
  { kube, namespace }: Where,
  set: JobSet,
  call: Call,
): Promise<{ readonly jobs: ReadStages; readonly resourceVersion: string }> {
  const labelSelector = stagesOfSet(set.id);
  const pods = await kube.list<KubeObject>({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector }, call);
  const jobs = await kube.list<KubeObject>({ apiVersion: 'batch/v1', kind: 'Job', namespace, labelSelector }, call);
  return { jobs: stagesFrom(set, jobs.items, pods.items), resourceVersion: pods.resourceVersion ?? '' };
}

/** What only says that it belongs to the set does not. */
export function stagesFrom(set: JobSet, jobs: readonly KubeObject[], pods: readonly KubeObject[]): ReadStages {
  const own = jobs.filter((job) => isOwnedBy(set.object, job));
  return new Map(own.map((job) => [job.metadata?.labels?.[LABELS.stage] ?? '', { job, pods: podsOf(job, pods) }]));
}
