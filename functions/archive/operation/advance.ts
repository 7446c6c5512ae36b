// Brings an operation as far as it can be brought now. Every step may be repeated, by anybody, and may be the last that was made.
import { AppError } from '../../../lib/errors';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import type { ObservedJob } from '../../../lib/jobs/observedJob';
import { LABELS } from '../../../lib/labels';
import { shortHash } from '../../../lib/naming';
import { TOLD } from '../../../lib/restoring';
import { restingPhase, subjectPatch, toSubject, type Subject } from '../archive';
import type { Context } from '../context';
import { findSubject, readActive, readMover, refOf, unlessChanged } from '../find';
import type { Operation } from './operation';
import { recordAfter, type Outcome } from './outcome';
import { tellWaiting } from '../restores/pods';
import { nextStep, type OperationStep, type SeenOperation } from './plan';
import { startMover } from './start';
import { isLetGo, releaseTarget, removeTarget, type Filling } from './target';

/** `gone`: there is nothing left of it. `late`: others have ended it since it was seen. */
export type Did = OperationStep['do'] | 'blocked' | 'gone' | 'late';

/** A start, an end, the removal of a Job: more of them in one go mean that something is wrong. */
const MOST_STEPS = 6;

/** Until there is nothing to do but to wait; answers what it waits for. */
export async function advance(context: Context, subject: Subject, call: Call): Promise<Did> {
  let now: Subject | undefined = subject;
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    if (now === undefined) return 'gone';
    const mover = await readMover(context, shortHash(now.record.user), call);
    const did = await step(context, { subject: now, ...mover }, call);
    if (did !== 'record' && did !== 'remove' && did !== 'late') return did;
    now = await findSubject(context, now.name, call);
  }
  return 'wait';
}

/** All of one user: first what has the mover, then one at a time, in the order in which they were asked for. */
export async function advanceUser(context: Context, userHash: string, call: Call): Promise<void> {
  const { job } = await readMover(context, userHash, call);
  const busy = await subjectOf(context, job, call);
  if (busy !== undefined) await advance(context, busy, call);
  for (const subject of await readActive(context, userHash, call)) {
    const did = await advance(context, subject, call);
    if (did === 'start' || did === 'wait') return;
  }
}

async function subjectOf(context: Context, job: ObservedJob | undefined, call: Call): Promise<Subject | undefined> {
  const anchor = job?.metadata?.labels?.[LABELS.anchor];
  return anchor === undefined ? undefined : findSubject(context, anchor, call);
}

/** One step, from what was seen. */
export async function step(context: Context, seen: SeenOperation, call: Call): Promise<Did> {
  const { settings, clock } = context;
  const { subject } = seen;
  const next = nextStep(seen, settings.archive.mover.wait_seconds, clock());
  switch (next.do) {
    case 'none':
    case 'queue':
    case 'wait':
      return next.do;
    case 'start':
      return start(context, { subject, operation: next.operation }, call);
    case 'record':
      await conclude(context, { subject, operation: next.operation, outcome: next.outcome }, call);
      return 'record';
    case 'remove':
      await removeJob(context, next.job, call);
      return 'remove';
    default:
      return next satisfies never;
  }
}

interface Begun {
  readonly subject: Subject;
  readonly operation: Operation;
}

/** Its end is written before its Job goes: what is still asked for after no Job was seen has not ended. */
async function start(context: Context, { subject, operation }: Begun, call: Call): Promise<Did> {
  const now = await findSubject(context, subject.name, call);
  if (now?.operation?.id !== operation.id) return 'late';
  const started = await startMover(context, { subject: now, operation }, call);
  if (started === 'start') {
    context.counters.add('started');
    context.log.info('a mover was started', { anchor: subject.name, verb: operation.verb });
  }
  if (typeof started === 'string') return started;
  await conclude(context, { subject: now, operation, outcome: started }, call);
  return 'record';
}

/** First what was filled, then the record; the Job goes last, so that what is killed in between is found again. */
export async function conclude(
  context: Context,
  { subject, operation, outcome }: Begun & { readonly outcome: Outcome },
  call: Call,
): Promise<void> {
  const { kube, counters, log } = context;
  const told = await settleTarget(context, { subject, operation, outcome }, call);
  const record = recordAfter(subject, operation, told);
  const ref = refOf(context, 'ConfigMap', subject.name);
  if (record === undefined) await kube.delete(ref, { uid: subject.uid }, call);
  else {
    const phase = restingPhase(record);
    const written = await unlessChanged(
      kube.mergePatch(ref, subjectPatch(subject, { record, operation: undefined, phase }), call),
    );
    // Somebody else was at it: what there is now is looked at once more.
    if (written === undefined) return;
  }
  counters.add(told.outcome);
  const { reason, message } = told;
  const fields = { anchor: subject.name, verb: operation.verb, reason, detail: message };
  if (told.outcome === 'done') log.info('an operation is done', fields);
  else log.error('an operation failed', fields);
}

async function settleTarget(
  context: Context,
  { subject, operation, outcome }: Begun & { readonly outcome: Outcome },
  call: Call,
): Promise<Outcome> {
  const { target } = operation;
  if (target === undefined || subject.kind !== 'archive') return outcome;
  const filling: Filling = { archive: subject, operation, target };
  if (outcome.outcome === 'failed' || target.isScratch) {
    return giveUpTarget(context, { filling, outcome }, call);
  }
  try {
    await releaseTarget(context, filling, call);
    return outcome;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'target_gone') throw error;
    return {
      ...outcome,
      outcome: 'failed',
      reason: 'TargetMissing',
      message: `${error.message} Restore it once more.`,
    };
  }
}

/** Killed after it was let go, and before that was written: it is done, whatever is told of its mover by now. */
async function giveUpTarget(
  context: Context,
  { filling, outcome }: { readonly filling: Filling; readonly outcome: Outcome },
  call: Call,
): Promise<Outcome> {
  const { claim, isScratch, wish } = filling.target;
  if (!isScratch && (await isLetGo(context, filling, call))) return { outcome: 'done', endedAt: outcome.endedAt };
  if (wish !== undefined) await tellFailure(context, { claim, outcome }, call);
  await removeTarget(context, filling, call);
  return outcome;
}

/** Before the claim goes: afterwards nobody would know who waits for it, and why in vain. */
async function tellFailure(
  context: Context,
  { claim, outcome }: { readonly claim: string; readonly outcome: Outcome },
  call: Call,
): Promise<void> {
  const { reason = 'Failed', message: detail = '' } = outcome;
  const message = `The volume could not be filled from its archive: ${reason}. ${detail}`;
  await tellWaiting(context, { claim, reason: TOLD.failed, message }, call);
}

async function removeJob({ kube, settings }: Context, { metadata }: ObservedJob, call: Call): Promise<void> {
  const { name = '', uid = '' } = metadata ?? {};
  await kube.delete({ apiVersion: 'batch/v1', kind: 'Job', namespace: settings.namespace, name }, { uid }, call);
}

/** The subject with another operation; undefined when somebody else has changed it since it was read. */
export async function withOperation(
  { kube, settings }: Context,
  { subject, operation }: Begun,
  call: Call,
): Promise<Subject | undefined> {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: settings.namespace, name: subject.name };
  const patch = subjectPatch(subject, { record: subject.record, operation, phase: 'active' });
  const object = await unlessChanged(kube.mergePatch<KubeObject>(ref, patch, call));
  return object && toSubject(object);
}
