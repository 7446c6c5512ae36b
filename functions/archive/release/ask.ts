// POST /archives/release and POST /archives/{id}/undo: the beginning of giving a claim up, and of bringing it back.
import { AppError } from '../../../lib/errors';
import { hasCode } from '../../../lib/kube/errors';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import type { Archive } from '../archive';
import { userOf, type Claim } from '../claims';
import type { Context } from '../context';
import { findClaim, refOf, unlessChanged } from '../find';
import { identityOf } from '../identity';
import { advanceRelease, findRelease, getVolume } from './advance';
import type { Volume } from './plan';
import { proveClaim } from './prove';
import { releaseManifest, releasePatch, toRelease, type Release, type ReleaseRecord } from './release';

/** Of the binding that ends: another one makes its own. */
const OF_BINDING = ['pv.kubernetes.io/bind-completed', 'pv.kubernetes.io/bound-by-controller'];
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** A repeat goes on where the first one stopped. */
export async function releaseClaim(context: Context, name: string, call: Call): Promise<Release> {
  const claim = await findClaim(context, name, call);
  const known = await findRelease(context, name, call);
  if (known !== undefined) return goOn(context, { known, claim }, call);
  const record = await provenRecord(context, { name, claim }, call);
  return advanced(context, await createOrFind(context, record, call), call);
}

/** What came in between may have turned it back already. */
async function advanced(context: Context, release: Release, call: Call): Promise<Release> {
  const { release: now, isOver } = await advanceRelease(context, release, call);
  const { phase, trouble } = now.record;
  if (!isOver || phase === 'deleting') return now;
  if (phase === 'undoing' && trouble !== undefined) throw new AppError('not_proven', 409, trouble);
  throw new AppError('conflict', 409, 'This release was ended by somebody else. Look at the claim, and try again.');
}

async function goOn(
  context: Context,
  { known, claim }: { readonly known: Release; readonly claim: Claim | undefined },
  call: Call,
): Promise<Release> {
  const { record } = known;
  const isOther = claim !== undefined && claim.metadata?.uid !== record.claimUid;
  if (record.phase === 'undoing' || isOther) {
    const why = isOther ? 'An earlier claim of this name is still being released' : 'This claim is being brought back';
    throw new AppError('conflict', 409, `${why}: ${record.phase}. Try again when that is over.`);
  }
  return advanced(context, known, call);
}

async function provenRecord(
  context: Context,
  { name, claim }: { readonly name: string; readonly claim: Claim | undefined },
  call: Call,
): Promise<ReleaseRecord> {
  const user = claim && userOf(claim, context.settings.archive);
  if (claim === undefined || user === undefined || claim.metadata?.deletionTimestamp !== undefined) {
    throw new AppError('claim_missing', 404, `There is no claim ${name} of a user.`);
  }
  const volume = await getVolume(context, claim.spec?.volumeName ?? '-', call);
  if (volume === undefined) throw new AppError('not_proven', 409, `Claim ${name} has no volume. Delete it by hand.`);
  const proof = await proveClaim(context, { claim, user }, call);
  if ('refused' in proof) throw new AppError('not_proven', 409, proof.refused);
  const { id: archive } = proof.archive.record;
  const askedAt = context.clock().toISOString();
  return { ...formOf(claim), user, volume: keptOf(volume), archive, askedAt, phase: 'releasing' };
}

function formOf({
  metadata,
  spec,
}: Claim): Pick<ReleaseRecord, 'claim' | 'claimUid' | 'labels' | 'annotations' | 'spec'> {
  const { name = '', uid = '', labels = {}, annotations = {} } = metadata ?? {};
  const kept = without(annotations, [...OF_BINDING, LAST_APPLIED]);
  return { claim: name, claimUid: uid, labels: { ...labels }, annotations: kept, spec: { ...spec } };
}

function keptOf(volume: Volume): ReleaseRecord['volume'] {
  const { name, uid } = identityOf(volume);
  return { name, uid, policy: volume.spec?.persistentVolumeReclaimPolicy ?? 'Retain' };
}

function without(values: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
}

async function createOrFind(context: Context, record: ReleaseRecord, call: Call): Promise<Release> {
  try {
    const made = toRelease(
      await context.kube.create<KubeObject>(releaseManifest(context.settings.namespace, record), call),
    );
    if (made !== undefined) return made;
  } catch (error) {
    if (!hasCode(error, 'already_exists')) throw error;
    const found = await findRelease(context, record.claim, call);
    if (found?.record.claimUid === record.claimUid) return found;
  }
  throw new AppError('conflict', 409, 'This claim is being released by somebody else. Try again.');
}

/** As it is then; undefined when the claim is back. */
export async function undoRelease(context: Context, claim: string, call: Call): Promise<Release | undefined> {
  const undoing = await turnedBack(context, claim, call);
  const { release: now, isOver } = await advanceRelease(context, undoing, call);
  return isOver ? undefined : now;
}

/** Sweeps bring it on at any moment, also to its end: then it is read anew. */
const MOST_TRIES = 3;

async function turnedBack(context: Context, claim: string, call: Call): Promise<Release> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const release = await findRelease(context, claim, call);
    if (release === undefined) throw new AppError('not_released', 404, `Claim ${claim} is not released, or no more.`);
    const { trouble, ...known } = release.record;
    if (known.phase === 'deleting') {
      throw new AppError('too_late', 409, `The grace period is over. Restore archive ${known.archive} instead.`);
    }
    if (known.phase === 'undoing' && trouble === undefined) return release;
    const patch = releasePatch(release, { ...known, phase: 'undoing' });
    const ref = refOf(context, 'ConfigMap', release.name);
    const object = await unlessChanged(context.kube.mergePatch<KubeObject>(ref, patch, call));
    const undoing = object && toRelease(object);
    if (undoing !== undefined) return undoing;
  }
  throw new AppError('conflict', 409, 'Somebody else is at it. Try again.');
}

/** The way back begins with it: not even force closes that. */
export async function refuseNeeded(context: Context, { record }: Archive, call: Call): Promise<void> {
  const release = await findRelease(context, record.claim, call);
  if (release?.record.archive !== record.id) return;
  const { phase } = release.record;
  const detail = `Claim ${record.claim} is given up because of this archive, and is ${phase}. Undo that, or wait until it is over.`;
  throw new AppError('released', 409, detail);
}
