// Starts the mover of an operation, or says why it cannot be: for now, or at all.
import { hasCode } from '../../../lib/kube/errors';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { LABELS } from '../../../lib/labels';
import type { Archive, Subject } from '../archive';
import { placeFor, usersOf, type Claim, type Place } from '../claims';
import type { Context } from '../context';
import { findClaim, readPods } from '../find';
import { ensureNextKey, ensureRepository } from '../keys/keys';
import { moverManifest } from './mover';
import type { Operation } from './operation';
import { failed, type Outcome } from './outcome';
import { noteFree } from '../watch';
import { createTarget } from './target';

/** `queue`: another one works on the repository. `blocked`: later, perhaps. */
export type Started = 'start' | 'queue' | 'blocked' | Outcome;

interface Begun {
  readonly subject: Subject;
  readonly operation: Operation;
}

const ANYWHERE: Place = { anywhere: true };

export async function startMover(context: Context, { subject, operation }: Begun, call: Call): Promise<Started> {
  const { settings } = context;
  const place = await placeOf(context, { subject, operation }, call);
  if ('outcome' in place) return place;
  if ('refused' in place) return 'blocked';
  const repository = await ensureRepository(context, subject.record.user, call);
  const { generation } = repository.record;
  try {
    if (operation.verb === 'rotate') await ensureNextKey(context, repository, call);
    const { target } = operation;
    if (target !== undefined && subject.kind === 'archive') {
      await createTarget(context, { archive: subject, operation, target }, call);
    }
    const { namespace, archive: config, mover: image } = settings;
    const job = moverManifest({ subject, operation, namespace, config, image, place, generation });
    return await createJob(context, { subject, job }, call);
  } catch (error) {
    if (hasCode(error, 'target_gone')) return failed('TargetMissing', `${error.message} Start again.`, context.clock());
    if (!hasCode(error, 'invalid', 'bad_request', 'forbidden', 'name_taken')) throw error;
    return failed('StartRefused', `${error.message} Put it right, and ask again.`, context.clock());
  }
}

/** Only a backup reads what others may be writing to. */
async function placeOf(context: Context, { subject, operation }: Begun, call: Call): Promise<Place | Outcome> {
  if (operation.verb !== 'backup' || subject.kind !== 'archive') return ANYWHERE;
  const { claim: name } = subject.record;
  const claim = await findClaim(context, name, call);
  const fault = faultOf(subject, claim);
  if (claim === undefined || fault !== undefined) {
    return failed(fault?.reason ?? 'ClaimMissing', fault?.message ?? '', context.clock());
  }
  const users = usersOf(name, await readPods(context, call));
  if (users.length === 0) await noteFree(context, claim, call);
  return placeFor(claim, users);
}

/** Why there is nothing to archive, and never will be. */
function faultOf({ record }: Archive, found: Claim | undefined) {
  const isGone = found?.metadata?.uid !== record.claimUid || found.metadata.deletionTimestamp !== undefined;
  if (isGone) {
    return { reason: 'ClaimMissing', message: `The claim ${record.claim} is gone. There is nothing left to archive.` };
  }
  if (found.status?.phase === 'Bound') return undefined;
  return { reason: 'ClaimEmpty', message: `The claim ${record.claim} has no volume yet. Archive it when it was used.` };
}

async function createJob(
  { kube }: Context,
  { subject, job }: { readonly subject: Subject; readonly job: KubeObject },
  call: Call,
): Promise<Started> {
  try {
    await kube.create(job, call);
    return 'start';
  } catch (error) {
    if (!hasCode(error, 'already_exists')) throw error;
    const { namespace, name = '' } = job.metadata ?? {};
    const found = await kube.get<KubeObject>({ apiVersion: 'batch/v1', kind: 'Job', namespace, name }, call);
    return found?.metadata?.labels?.[LABELS.anchorUid] === subject.uid ? 'start' : 'queue';
  }
}

/** Why a backup waits that has no mover. */
export async function blockedBy(context: Context, archive: Archive, call: Call): Promise<string | undefined> {
  const claim = await findClaim(context, archive.record.claim, call);
  if (claim === undefined) return undefined;
  const place = placeFor(claim, usersOf(archive.record.claim, await readPods(context, call)));
  return 'refused' in place ? place.refused : undefined;
}
