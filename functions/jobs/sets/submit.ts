// Makes a set: its anchor first, then everything that belongs to it, then the first stage: from then on it is complete.
import { AppError } from '../../../lib/errors';
import { jobId, newNonce } from '../../../lib/jobs/names';
import { toJobSet, type JobSet } from '../../../lib/jobSets/jobSet';
import { anchorRef, readStages, type Where } from '../../../lib/jobSets/readSet';
import { setObject } from '../../../lib/jobSets/setObject';
import { setState, type SetState } from '../../../lib/jobSets/setState';
import { createOwned, startStage } from '../../../lib/jobSets/startStage';
import { hasCode } from '../../../lib/kube/errors';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { requestDigest } from '../../../lib/requestDigest';
import type { Context } from '../context';
import { conflictOf, isSameRequest, neverRan, stillGoing } from '../conflict';
import { seekAnyJob } from '../find';
import { findRecordOf } from '../record';
import { refusalOf } from '../submit';
import { setObjects, type SetObjects, type WantedSet } from './desired';
import { refusalOfStages } from './refusal';
import type { SetRequest } from './schema';

export interface SetSubmission {
  readonly credential: string;
  readonly request: SetRequest;
  readonly idempotencyKey: string | undefined;
}

/** The set as its caller gets it; what it would be when only a dry run was asked for. */
export async function submitSet(context: Context, submission: SetSubmission, call: Call): Promise<KubeObject> {
  const { settings } = context;
  const wanted = wantedBy(settings.namespace, submission);
  const objects = setObjects(wanted, settings.jobs);
  const [other, refusal] = await Promise.all([
    takenBy(context, { wanted, isRepeatable: isRepeatable(submission) }, call),
    refusalOfStages(context, objects.plan, call),
  ]);
  if (other !== undefined) return other;
  // Of a repeat, the Jobs of stages are there already.
  if (refusal !== undefined && !(await hasAnchor(context, wanted, call))) throw refusal;
  if (submission.request.dryRun) return shown(readable(objects.anchor));
  const { set, isNew } = await createOrFind(context, { wanted, anchor: objects.anchor }, call);
  await complete(context, { set, isNew, objects }, call);
  return shown(set);
}

async function hasAnchor({ kube, settings }: Context, { id }: WantedSet, call: Call): Promise<boolean> {
  return (await kube.get(anchorRef(settings.namespace, id), call)) !== undefined;
}

function wantedBy(namespace: string, { credential, request, idempotencyKey }: SetSubmission): WantedSet {
  const id = request.name ?? jobId(credential, idempotencyKey);
  return { id, namespace, credential, request, digest: digestOf(request), nonce: newNonce() };
}

function isRepeatable({ request, idempotencyKey }: SetSubmission): boolean {
  return request.name !== undefined || idempotencyKey !== undefined;
}

/** Secret values are left out, as of jobs. */
function digestOf({ stages, ...request }: SetRequest): string {
  const known = stages.map((stage) => ({ ...stage, secretEnv: Object.keys(stage.secretEnv).toSorted() }));
  return requestDigest({ ...request, stages: known });
}

interface Asked {
  readonly wanted: WantedSet;
  readonly isRepeatable: boolean;
}

/** A set that was reaped is answered from its record; a job of this id is another request. */
async function takenBy(
  context: Context,
  { wanted, isRepeatable: mayBeTaken }: Asked,
  call: Call,
): Promise<KubeObject | undefined> {
  if (!mayBeTaken) return undefined;
  const [reaped, job] = await Promise.all([
    findRecordOf(context, wanted.id, call),
    seekAnyJob(context, wanted.id, call),
  ]);
  const other = reaped?.record.job ?? job;
  if (other === undefined) return undefined;
  if (!isSameRequest(other, wanted)) throw conflictOf(wanted);
  if (wasGivenUp(reaped?.record.state)) throw neverRan(wanted);
  return other;
}

async function createOrFind(
  { kube, settings }: Context,
  { wanted, anchor }: { readonly wanted: WantedSet; readonly anchor: KubeObject },
  call: Call,
): Promise<Made> {
  try {
    return { set: readable(await kube.create(anchor, call)), isNew: true };
  } catch (error) {
    if (!hasCode(error, 'already_exists')) throw refusalOf(error);
    const found = await kube.get<KubeObject>(anchorRef(settings.namespace, wanted.id), call);
    if (found === undefined || found.metadata?.deletionTimestamp !== undefined) throw stillGoing(error);
    if (!isSameRequest(found, wanted)) throw conflictOf(wanted);
    const set = readable(found);
    if (wasGivenUp(set.end?.state)) throw neverRan(wanted);
    return { set, isNew: false };
  }
}

/** Before any stage began: it is over, and was never made. */
function wasGivenUp(end: { readonly reason?: SetState['reason'] } | undefined): boolean {
  return end?.reason === 'NeverReleased';
}

interface Made {
  readonly set: JobSet;
  /** By this attempt of the request: nothing of it is there yet. */
  readonly isNew: boolean;
}

/** By an earlier attempt of the same request, perhaps; only a set without any stage is not complete. */
async function complete(
  context: Context,
  { set, isNew, objects }: Made & { readonly objects: SetObjects },
  call: Call,
): Promise<void> {
  const where: Where = { kube: context.kube, namespace: context.settings.namespace };
  if (!isNew && (await isBegun(where, set, call))) return;
  const [first] = set.stages;
  try {
    await Promise.all(objects.belongingsOf(set).map(async (object) => createOwned(where, { set, object }, call)));
    if (first !== undefined) await startStage(where, { set, stage: first }, call);
  } catch (error) {
    throw refusalOf(error);
  }
}

async function isBegun(where: Where, set: JobSet, call: Call): Promise<boolean> {
  if (set.end !== undefined || set.earlyEnd !== undefined || set.ends.size > 0) return true;
  return (await readStages(where, set, call)).size > 0;
}

function readable(anchor: KubeObject): JobSet {
  const set = toJobSet(anchor);
  if (set !== undefined) return set;
  throw new AppError('unreadable_set', 500, 'The anchor of a job set cannot be read.');
}

/** Without what its Jobs say: nobody waits for it here. */
function shown(set: JobSet): KubeObject {
  return setObject(set, setState({ set, jobs: new Map() }));
}
