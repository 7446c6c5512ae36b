// Decides what is next for a claim that is given up or brought back. Every step may be repeated, and may be the last that was made. Pure.
//
// | phase     | seen                                              | step                                                    |
// | --------- | ------------------------------------------------- | ------------------------------------------------------- |
// | releasing | the claim, a volume that would go with it         | retain: the volume outlives the claim                   |
// | releasing | the claim, a volume that stays                    | delete the claim                                        |
// | releasing | the claim, on its way out                         | wait                                                    |
// | releasing | the same, and pods that have it                   | undoing: they came after the proof, and may change it   |
// | releasing | no claim                                          | it is released: the grace period begins                 |
// | released  | before the end of the grace period                | wait                                                    |
// | released  | after it                                          | deleting: from here on there is no way back             |
// | deleting  | a volume whose own policy is another one          | give the policy back: Kubernetes does what it says      |
// | deleting  | a volume that goes                                | wait                                                    |
// | deleting  | none, or one that its operator keeps              | finish                                                  |
// | undoing   | the old claim, on its way out                     | wait                                                    |
// | undoing   | no claim, a volume that waits for the old one     | free the volume: for a claim of this name, nobody else's|
// | undoing   | no claim, a free volume                           | make the claim again                                    |
// | undoing   | the old claim, not marked                         | mark it: who still means to delete it, can no more      |
// | undoing   | a claim of ours, not bound yet                    | wait                                                    |
// | undoing   | a claim of ours, bound                            | give the policy back, then finish                       |
// | undoing   | somebody else's claim of this name                | stuck                                                   |
// | any       | no volume where there has to be one               | stuck                                                   |
import type { KubeObject } from '../../../lib/kube/objects';
import { ANNOTATIONS } from '../../../lib/labels';
import type { Claim, UsingPod } from '../claims';
import { inUseBy } from './proof';
import type { Release, ReleaseRecord } from './release';

export interface Volume extends KubeObject {
  readonly spec?: {
    readonly persistentVolumeReclaimPolicy?: string;
    readonly claimRef?: { readonly namespace?: string; readonly name?: string; readonly uid?: string };
  };
  readonly status?: { readonly phase?: string };
}

export interface SeenRelease {
  readonly release: Release;
  readonly claim: Claim | undefined;
  readonly volume: Volume | undefined;
  /** Pods that have the claim, looked for when it is on its way out. */
  readonly users: readonly UsingPod[];
}

export type ReleaseStep =
  | { readonly do: 'wait' }
  | { readonly do: 'finish' }
  | { readonly do: 'retain' | 'deleteClaim' | 'markClaim' | 'restorePolicy' | 'freeVolume' | 'createClaim' }
  | { readonly do: 'turn'; readonly record: ReleaseRecord }
  | { readonly do: 'stuck'; readonly why: string };

const DAY_MS = 86_400_000;

export function nextReleaseStep(seen: SeenRelease, graceDays: number, now: Date): ReleaseStep {
  const { record } = seen.release;
  const volume = seen.volume?.metadata?.uid === record.volume.uid ? seen.volume : undefined;
  switch (record.phase) {
    case 'releasing':
      return releasing({ ...seen, volume }, graceDays, now);
    case 'released': {
      const isOver = now.getTime() >= Date.parse(record.keptUntil ?? '');
      return isOver ? { do: 'turn', record: { ...record, phase: 'deleting' } } : { do: 'wait' };
    }
    case 'deleting':
      return deleting(record, volume);
    case 'undoing':
      return undoing({ ...seen, volume });
    default:
      return record.phase satisfies never;
  }
}

function releasing({ release, claim, volume, users }: SeenRelease, graceDays: number, now: Date): ReleaseStep {
  const { record } = release;
  if (volume === undefined) return noVolume(record);
  if (claim?.metadata?.uid !== record.claimUid) {
    const keptUntil = new Date(now.getTime() + graceDays * DAY_MS).toISOString();
    return { do: 'turn', record: { ...record, phase: 'released', keptUntil } };
  }
  if (claim.metadata.deletionTimestamp !== undefined)
    return users.length === 0 ? { do: 'wait' } : turnBack(record, users);
  return { do: policyOf(volume) === 'Retain' ? 'deleteClaim' : 'retain' };
}

/** What they write is in no archive. Kubernetes lets the claim go when they end, and then it is made again. */
function turnBack(record: ReleaseRecord, users: readonly UsingPod[]): ReleaseStep {
  const trouble = `${inUseBy(users)} It comes back when that has ended.`;
  return { do: 'turn', record: { ...record, phase: 'undoing', trouble } };
}

/** A volume that its operator keeps was never ours to delete. */
function deleting({ volume: known }: ReleaseRecord, volume: Volume | undefined): ReleaseStep {
  if (volume === undefined || (known.policy === 'Retain' && policyOf(volume) === 'Retain')) return { do: 'finish' };
  return { do: policyOf(volume) === known.policy ? 'wait' : 'restorePolicy' };
}

function undoing({ release, claim, volume }: SeenRelease): ReleaseStep {
  const { record } = release;
  if (volume === undefined) return noVolume(record);
  if (claim === undefined) return { do: volume.spec?.claimRef?.uid === undefined ? 'createClaim' : 'freeVolume' };
  if (isLeaving(claim, record)) return { do: 'wait' };
  if (!isOurs(claim, release)) {
    const why = `Another claim has the name ${record.claim} by now. Remove or rename it: then this goes on by itself.`;
    return { do: 'stuck', why };
  }
  return isMarked(claim, release) ? broughtBack(record, claim, volume) : { do: 'markClaim' };
}

function broughtBack(record: ReleaseRecord, claim: Claim, volume: Volume): ReleaseStep {
  if (!isBoundTo(claim, record.volume.name)) return { do: 'wait' };
  return { do: policyOf(volume) === record.volume.policy ? 'finish' : 'restorePolicy' };
}

function isLeaving({ metadata }: Claim, { claimUid }: ReleaseRecord): boolean {
  return metadata?.uid === claimUid && metadata.deletionTimestamp !== undefined;
}

/** The old one, or the one that was made again. */
function isOurs(claim: Claim, release: Release): boolean {
  return claim.metadata?.uid === release.record.claimUid || isMarked(claim, release);
}

function isMarked({ metadata }: Claim, { uid }: Release): boolean {
  return metadata?.annotations?.[ANNOTATIONS.operationId] === uid;
}

function isBoundTo({ status, spec }: Claim, volume: string): boolean {
  return status?.phase === 'Bound' && spec?.volumeName === volume;
}

function policyOf({ spec }: Volume): string | undefined {
  return spec?.persistentVolumeReclaimPolicy;
}

function noVolume({ volume, archive }: ReleaseRecord): ReleaseStep {
  return {
    do: 'stuck',
    why: `The volume ${volume.name} is gone. What was in it is in archive ${archive}: restore that.`,
  };
}
