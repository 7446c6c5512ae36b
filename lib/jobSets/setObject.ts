// A set as its callers get it and as its record keeps it: an object of the same shape as a Job. Pure.
import type { KubeObject } from '../kube/objects';
import type { JobSet } from './jobSet';
import type { SetState } from './setState';

export function setObject(set: JobSet, state: Pick<SetState, 'phase' | 'stages'>): KubeObject {
  const { namespace, labels, annotations } = set.object.metadata ?? {};
  return {
    apiVersion: 'hub-functions/v1',
    kind: 'JobSet',
    metadata: {
      name: set.id,
      ...(namespace !== undefined && { namespace }),
      uid: set.uid,
      creationTimestamp: set.createdAt,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
    },
    spec: { stages: set.stages, claims: set.claims },
    status: setStatus(set, state),
  };
}

/** In the fields of a Job's status: a set counts as one. */
export function setStatus({ createdAt, end }: JobSet, { phase }: Pick<SetState, 'phase'>): object {
  return {
    startTime: createdAt,
    ...(end === undefined && phase !== 'cancelled' && { active: 1 }),
    ...(end !== undefined && { completionTime: end.endedAt }),
    ...(phase === 'succeeded' && { succeeded: 1 }),
    ...(phase === 'failed' && { failed: 1 }),
  };
}
