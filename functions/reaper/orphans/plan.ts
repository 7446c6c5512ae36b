// Decides whether an object has outlived what it belongs to: a job, or the anchor of a service. Pure.
import type { KubeObject } from '../../../lib/kube/objects';
import { LABELS } from '../../../lib/labels';
import type { Reason } from '../tally';
import { ownersOf } from './owners';

export interface Surroundings {
  /** By uid or name. Whoever it does not know is not there; made before the belongings were listed. */
  readonly isThere: (uid: string) => boolean;
  readonly graceSeconds: number;
  readonly now: Date;
}

/** Undefined: it stays. What says of nobody that it belongs to them is nobody's to remove. */
export function reasonToRemove(object: KubeObject, around: Surroundings): Reason | undefined {
  const { creationTimestamp = '', deletionTimestamp, labels } = object.metadata ?? {};
  const ageSeconds = (around.now.getTime() - Date.parse(creationTimestamp)) / 1000;
  if (deletionTimestamp !== undefined || !(ageSeconds > around.graceSeconds)) return undefined;
  const owners = ownersOf(object);
  if (owners.length === 0 || owners.some(({ uid, name }) => around.isThere(uid ?? name))) return undefined;
  return labels?.[LABELS.anchorUid] === undefined ? 'job_gone' : 'anchor_gone';
}
