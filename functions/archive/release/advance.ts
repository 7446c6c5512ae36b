// Brings the release of a claim, or its way back, as far as it can be brought now.
import { AppError } from '../../../lib/errors';
import { hasCode } from '../../../lib/kube/errors';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { ANNOTATIONS } from '../../../lib/labels';
import { usersOf, type Claim } from '../claims';
import type { Context } from '../context';
import { findClaim, readPods, readSubjectsOf, refOf, unlessChanged } from '../find';
import { identityOf } from '../identity';
import { releaseName } from '../names';
import { nextReleaseStep, type ReleaseStep, type SeenRelease, type Volume } from './plan';
import { flawBeforeEnd } from './proof';
import { proveClaim } from './prove';
import { releasePatch, toRelease, type Release, type ReleaseRecord } from './release';

/** More of them in one go mean that something is wrong. */
const MOST_STEPS = 8;

export async function findRelease(context: Context, claim: string, call: Call): Promise<Release | undefined> {
  const object = await context.kube.get<KubeObject>(refOf(context, 'ConfigMap', releaseName(claim)), call);
  return object && toRelease(object);
}

export interface Advanced {
  /** As it was seen last. */
  readonly release: Release;
  /** There is nothing left to be done, nor a record of it. */
  readonly isOver: boolean;
}

export async function advanceRelease(context: Context, release: Release, call: Call): Promise<Advanced> {
  let known = release;
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const seen = await see(context, known, call);
    if (seen === undefined) return { release: known, isOver: true };
    known = seen.release;
    const next = nextReleaseStep(seen, context.settings.archive.grace_days, context.clock());
    if (next.do === 'wait') break;
    await act(context, seen, next, call);
    if (next.do === 'finish') return { release: known, isOver: true };
    if (next.do === 'stuck')
      return { release: (await findRelease(context, known.record.claim, call)) ?? known, isOver: false };
  }
  return { release: known, isOver: false };
}

/** The record after what it is about: whoever turns it back later changes the claim, and then a step from here finds another one. */
async function see(context: Context, { uid, record }: Release, call: Call): Promise<SeenRelease | undefined> {
  const [claim, volume] = await Promise.all([
    findClaim(context, record.claim, call),
    getVolume(context, record.volume.name, call),
  ]);
  const release = await findRelease(context, record.claim, call);
  if (release?.uid !== uid) return undefined;
  const isGoing = release.record.phase === 'releasing' && claim?.metadata?.deletionTimestamp !== undefined;
  const users = isGoing ? usersOf(record.claim, await readPods(context, call)) : [];
  return { release, claim, volume, users };
}

export async function getVolume({ kube }: Context, name: string, call: Call): Promise<Volume | undefined> {
  try {
    return await kube.get<Volume>({ apiVersion: 'v1', kind: 'PersistentVolume', name }, call);
  } catch (error) {
    if (!hasCode(error, 'forbidden')) throw error;
    const detail =
      'This function may not see volumes: its operator has not allowed it to release claims. See docs/archive.md.';
    throw new AppError('release_not_allowed', 409, detail, { cause: error });
  }
}

type Deed = Exclude<ReleaseStep, { readonly do: 'wait' }>;

async function act(context: Context, seen: SeenRelease, ...[step, call]: readonly [Deed, Call]): Promise<void> {
  const { release } = seen;
  const { record } = release;
  context.log.info('a release goes on', { claim: record.claim, phase: record.phase, did: step.do });
  switch (step.do) {
    case 'stuck':
      return complain(context, release, step.why, call);
    case 'turn':
      return turn(context, release, step.record, call);
    case 'retain':
    case 'restorePolicy':
    case 'freeVolume':
      return patchVolume(context, seen, volumeChange(step.do, record), call);
    case 'deleteClaim':
      return deleteClaim(context, seen, call);
    case 'markClaim':
      return markClaim(context, release, call);
    case 'createClaim':
      return createClaim(context, release, call);
    case 'finish':
      return finish(context, release, call);
    default:
      return step satisfies never;
  }
}

function volumeChange(step: 'retain' | 'restorePolicy' | 'freeVolume', { volume }: ReleaseRecord): object {
  if (step === 'freeVolume') return { claimRef: { uid: null, resourceVersion: null } };
  return { persistentVolumeReclaimPolicy: step === 'retain' ? 'Retain' : volume.policy };
}

async function complain(context: Context, release: Release, ...[why, call]: readonly [string, Call]): Promise<void> {
  if (release.record.trouble !== why) await write(context, release, { ...release.record, trouble: why }, call);
}

async function finish(context: Context, { name, uid, record }: Release, call: Call): Promise<void> {
  await context.kube.delete(refOf(context, 'ConfigMap', name), { uid }, call);
  context.counters.add(record.phase === 'undoing' ? 'undone' : 'released');
}

/** Before the last one, once more: what is in the volume must still be in the archive. */
async function turn(
  context: Context,
  release: Release,
  ...[record, call]: readonly [ReleaseRecord, Call]
): Promise<void> {
  if (record.phase !== 'deleting') return write(context, release, record, call);
  const subjects = await readSubjectsOf(context, record.user, call);
  const flaw = flawBeforeEnd(record.archive, subjects);
  if (flaw === undefined) return write(context, release, record, call);
  const trouble = `${flaw} The volume stays: undo this, or make sure of the data.`;
  const keptUntil = new Date(context.clock().getTime() + WORRIED_MS).toISOString();
  return write(context, release, { ...release.record, keptUntil, trouble }, call);
}

const WORRIED_MS = 24 * 3_600_000;

async function write(
  context: Context,
  release: Release,
  ...[record, call]: readonly [ReleaseRecord, Call]
): Promise<void> {
  const ref = refOf(context, 'ConfigMap', release.name);
  await unlessChanged(context.kube.mergePatch(ref, releasePatch(release, record), call));
}

async function patchVolume(
  { kube }: Context,
  { volume }: SeenRelease,
  ...[spec, call]: readonly [object, Call]
): Promise<void> {
  const { name, uid, resourceVersion } = identityOf(volume ?? {});
  const ref = { apiVersion: 'v1', kind: 'PersistentVolume', name };
  await unlessChanged(kube.mergePatch(ref, { metadata: { uid, resourceVersion }, spec }, call));
}

/** Somebody may have come to use it since it was asked for: then it is theirs, and everything goes back. */
async function deleteClaim(context: Context, { release, claim }: SeenRelease, call: Call): Promise<void> {
  const { record } = release;
  if (claim === undefined) return;
  const proof = await proveClaim(context, { claim, user: record.user }, call);
  if ('refused' in proof) {
    return write(context, release, { ...record, phase: 'undoing', trouble: proof.refused }, call);
  }
  const { uid, resourceVersion } = identityOf(claim);
  await context.kube.delete(refOf(context, 'PersistentVolumeClaim', record.claim), { uid, resourceVersion }, call);
}

/** It is another one for whoever was about to delete it. */
async function markClaim(context: Context, { uid, record }: Release, call: Call): Promise<void> {
  const ref = refOf(context, 'PersistentVolumeClaim', record.claim);
  const metadata = { uid: record.claimUid, annotations: { [ANNOTATIONS.operationId]: uid } };
  await unlessChanged(context.kube.mergePatch(ref, { metadata }, call));
}

async function createClaim(context: Context, { uid, record }: Release, call: Call): Promise<void> {
  const { claim: name, labels, annotations, spec, volume } = record;
  const claim: Claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace: context.settings.namespace,
      labels,
      annotations: { ...annotations, [ANNOTATIONS.operationId]: uid },
    },
    spec: { ...spec, volumeName: volume.name },
  };
  try {
    await context.kube.create(claim, call);
  } catch (error) {
    if (!hasCode(error, 'already_exists')) throw error;
  }
}
