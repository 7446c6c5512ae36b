// What is asked of an archive that there is: to verify, restore, drill or remove it, or to hold on to it.
import { AppError } from '../../lib/errors';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { restingPhase, subjectPatch, toArchive, type Archive } from './archive';
import type { Context } from './context';
import { findArchive, notFound, refOf, unlessChanged } from './find';
import { scratchName, targetName } from './names';
import { advance, withOperation } from './operation/advance';
import { newOperation, type Operation, type Verb } from './operation/operation';
import { mayHoldSomething } from './operation/outcome';
import { invalidInput, type RestoreRequest } from './schema';

const RETRY_SECONDS = 5;

/** The same wish again is the one that is under way; another one has to wait. Undefined when the archive went with it. */
export async function ask(
  context: Context,
  { archive, operation }: { readonly archive: Archive; readonly operation: Operation },
  call: Call,
): Promise<Archive | undefined> {
  if (archive.operation !== undefined) return sameOrBusy(archive, operation);
  if (archive.record.snapshot === undefined && operation.verb !== 'delete') throw nothingKept(archive);
  const asked = await withOperation(context, { subject: archive, operation }, call);
  if (asked === undefined) throw busy('Something else was asked of this archive at the same time.');
  await advance(context, asked, call);
  return findArchive(context, archive.record.id, call);
}

function sameOrBusy(archive: Archive, wanted: Operation): Archive {
  const running = archive.operation ?? wanted;
  const { verb, path } = running;
  const isSame = verb === wanted.verb && path === wanted.path && isSameTarget(archive, running, wanted);
  if (isSame && verb !== 'serve') return archive;
  throw busy(`This archive is busy: ${verb}. Try again when that is over.`);
}

/** Scratch claims and names that nobody chose follow from the operation. */
function isSameTarget({ record }: Archive, ...[one, other]: readonly [Operation, Operation]): boolean {
  const chosen = ({ id, target }: Operation): string | undefined =>
    target?.isScratch === true || target?.claim === targetName(record.claim, id) ? undefined : target?.claim;
  return chosen(one) === chosen(other);
}

function nothingKept({ record }: Archive): AppError {
  const why = record.last?.message ?? 'It holds nothing.';
  return new AppError('nothing_kept', 409, `This archive was never made: ${why} Make a new one.`);
}

export function busy(detail: string): AppError {
  return new AppError('busy', 409, detail, { retryAfterSeconds: RETRY_SECONDS });
}

export function plainOperation({ clock }: Context, verb: Verb): Operation {
  return newOperation(verb, clock());
}

export function restoreOperation({ clock }: Context, { record }: Archive, request: RestoreRequest): Operation {
  const operation = newOperation('restore', clock());
  const { claim, path, size, storageClass } = request;
  const { shape } = record;
  if (claim === record.claim) throw invalidInput('claim: a new one is needed; what is there is never written over.');
  return {
    ...operation,
    ...(path !== undefined && path !== '/' && { path }),
    target: {
      claim: claim ?? targetName(record.claim, operation.id),
      size: size ?? shape.size,
      storageClass: storageClass ?? shape.storageClass,
      accessModes: shape.accessModes,
      isScratch: false,
    },
  };
}

export function drillOperation({ clock }: Context, { record }: Archive): Operation {
  const operation = newOperation('drill', clock());
  const { size, storageClass } = record.shape;
  const target = {
    claim: scratchName(operation.id),
    size,
    storageClass,
    accessModes: ['ReadWriteOnce'],
    isScratch: true,
  };
  return { ...operation, target };
}

export async function holdArchive(
  context: Context,
  { archive, hold }: { readonly archive: Archive; readonly hold: boolean },
  call: Call,
): Promise<Archive> {
  const { operation, record } = archive;
  // Its mover may be at it: a hold that was confirmed would come too late.
  if (operation?.verb === 'delete') throw busy('This archive is being removed.');
  const phase = operation === undefined ? restingPhase(record) : 'active';
  const patch = subjectPatch(archive, { record: { ...record, hold }, operation, phase });
  const ref = refOf(context, 'ConfigMap', archive.name);
  const object = await unlessChanged(context.kube.mergePatch<KubeObject>(ref, patch, call));
  const after = object && toArchive(object);
  if (after !== undefined) return after;
  throw busy('Something else was asked of this archive at the same time.');
}

/** What is held stays, and so does the last whole copy of a claim that is gone: nobody gets that back. */
export async function removeArchive(
  context: Context,
  {
    archive,
    others,
    isForced,
  }: { readonly archive: Archive; readonly others: readonly Archive[]; readonly isForced: boolean },
  call: Call,
): Promise<Archive | undefined> {
  const { record } = archive;
  if (record.hold) throw new AppError('held', 409, 'This archive is held. Lift the hold first.');
  if (!mayHoldSomething(record) && archive.operation === undefined) {
    await context.kube.delete(refOf(context, 'ConfigMap', archive.name), { uid: archive.uid }, call);
    return undefined;
  }
  const isOnly = !others.some((other) => other.record.id !== record.id && isCopyOf(archive, other));
  if (isOnly && !isForced && record.snapshot !== undefined) {
    const detail = 'This is the only whole archive of its claim. Make and verify another one first, or say force=true.';
    throw new AppError('only_copy', 409, detail);
  }
  return ask(context, { archive, operation: plainOperation(context, 'delete') }, call);
}

/** What is about to go is a copy no more. */
function isCopyOf({ record }: Archive, other: Archive): boolean {
  const { claim, user, snapshot, verifiedAt } = other.record;
  const isWhole = snapshot !== undefined && verifiedAt !== undefined && other.operation?.verb !== 'delete';
  return isWhole && claim === record.claim && user === record.user;
}

export function present(archive: Archive | undefined): Archive {
  if (archive !== undefined) return archive;
  throw notFound();
}
