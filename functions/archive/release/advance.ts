// Brings the release of a claim, or its way back, as far as it can be brought now.
import { AppError } from '../../../lib/errors';
import { hasCode } from '../../../lib/kube/errors';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { ANNOTATIONS } from '../../../lib/labels';
import type { Claim } from '../claims';
import type { Context } from '../context';
import { findArchive, findClaim, refOf, unlessChanged } from '../find';
import { releaseName } from '../names';
import { nextReleaseStep, type ReleaseStep, type SeenRelease, type Volume } from './plan';
import { proveClaim } from './prove';
import { releasePatch, toRelease, type Release, type ReleaseRecord } from './release';

/** More of them in one go mean that something is wrong. */
const MOST_STEPS = 8;

export async function findRelease(context: Context, claim: string, call: Call): Promise<Release | undefined> {
  const object = await context.kube.get<KubeObject>(refOf(context, 'ConfigMap', releaseName(claim)), call);
  return object && toRelease(object);
}

/** As it is then; undefined when nothing is left to be done. */
export async function advanceRelease(context: Context, release: Release, call: Call): Promise<Release | undefined> {
  let now: Release | undefined = release;
  for (let steps = 0; steps < MOST_STEPS && now !== undefined; steps += 1) {
    const seen = await see(context, now, call);
    const next = nextReleaseStep(seen, context.settings.archive.grace_days, context.clock());
    if (next.do === 'wait') return now;
    await act(context, seen, next, call);
    if (next.do === 'stuck') return findRelease(context, now.record.claim, call);
    now = await findRelease(context, now.record.claim, call);
  }
  return now;
}

async function see(context: Context, release: Release, call: Call): Promise<SeenRelease> {
  const { claim, volume } = release.record;
  const [foundClaim, foundVolume] = await Promise.all([
    findClaim(context, claim, call),
    getVolume(context, volume.name, call),
  ]);
  return { release, claim: foundClaim, volume: foundVolume };
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

async function act(context: Context, seen: SeenRelease, ...[step, call]: readonly [ReleaseStep, Call]): Promise<void> {
  const { release } = seen;
  const { record } = release;
  context.log.info('a release goes on', { claim: record.claim, phase: record.phase, did: step.do });
  switch (step.do) {
    case 'wait':
      return;
    case 'stuck':
      return complain(context, release, step.why, call);
    case 'turn':
      return turn(context, release, step.record, call);
    case 'retain':
    case 'restorePolicy':
    case 'freeVolume':
      return patchVolume(context, record, volumeChange(step.do, record), call);
    case 'deleteClaim':
      return deleteClaim(context, seen, call);
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
  const archive = await findArchive(context, record.archive, call);
  const isWhole = archive?.record.verifiedAt !== undefined && archive.operation?.verb !== 'delete';
  if (isWhole) return write(context, release, record, call);
  const trouble = `Archive ${record.archive} is gone, or was found damaged: the volume stays. Undo this, or make sure of the data.`;
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
  { volume }: ReleaseRecord,
  ...[spec, call]: readonly [object, Call]
): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'PersistentVolume', name: volume.name };
  await kube.mergePatch(ref, { metadata: { uid: volume.uid }, spec }, call);
}

/** Somebody may have come to use it since it was asked for: then it is theirs, and everything goes back. */
async function deleteClaim(context: Context, { release, claim }: SeenRelease, call: Call): Promise<void> {
  const { record } = release;
  const proof = claim === undefined ? undefined : await proveClaim(context, { claim, user: record.user }, call);
  if (proof !== undefined && 'refused' in proof) {
    return write(context, release, { ...record, phase: 'undoing', trouble: proof.refused }, call);
  }
  const ref = refOf(context, 'PersistentVolumeClaim', record.claim);
  await context.kube.delete(ref, { uid: record.claimUid }, call);
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
