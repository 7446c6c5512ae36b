// What becomes of one object, judged by its owners and its own deletion.
import type { OwnerReference } from '../../../lib/kube/objects';
import type { Stored } from './wire';

export type OwnerState = 'present' | 'waiting' | 'absent';

export type Verdict =
  | { readonly action: 'keep' }
  | { readonly action: 'remove'; readonly propagationPolicy: 'Background' | 'Foreground' }
  | { readonly action: 'dropOwners'; readonly keep: readonly OwnerReference[] };

const KEEP: Verdict = { action: 'keep' };

/** An owner that waits for its dependents (foreground deletion) holds an object no longer than an absent one. */
export function judgeDependent(
  object: Stored,
  stateOf: (owner: OwnerReference) => OwnerState,
  hasDependents: boolean,
): Verdict {
  const owners = object.metadata.ownerReferences ?? [];
  const states = owners.map((owner) => ({ owner, state: stateOf(owner) }));
  const gone = states.filter(({ state }) => state !== 'present');
  if (gone.length === 0) return KEEP;
  if (gone.length < states.length) {
    const keep = states.filter(({ state }) => state === 'present').map(({ owner }) => owner);
    return { action: 'dropOwners', keep };
  }
  if (object.metadata.deletionTimestamp !== undefined) return KEEP;
  const isAwaited = states.some(({ state }) => state === 'waiting');
  return { action: 'remove', propagationPolicy: isAwaited && hasDependents ? 'Foreground' : 'Background' };
}

/** What an object under deletion still has to do for its dependents. */
export function deletionDuty({ metadata }: Stored): 'foregroundDeletion' | 'orphan' | undefined {
  if (metadata.deletionTimestamp === undefined) return undefined;
  return (['orphan', 'foregroundDeletion'] as const).find((duty) => metadata.finalizers?.includes(duty));
}
