// Submits the job of a user job, once, whoever asks how often and whoever is cut off: one at a time may submit, for a while that is
// written on the anchor, and whoever comes after looks for what the one before may have submitted.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../lib/errors';
import type { Call } from '../../../lib/kube/kube';
import type { Context } from '../context';
import { slurmName, type JobRecord, type UserJob } from '../record';
import { changeRecord, getUserJob, removeUserJob } from '../userJobs';
import { cancel, findByName, hostError, submit, type SlurmHost } from './host';
import type { JobFields } from './schema';

export interface Wanted {
  readonly script: string;
  readonly fields: JobFields;
}

/** Longer than any call of ssh that could still be under way. */
const RESERVED_MS = 90_000;
const SUBMISSION_MS = 45_000;
const LOOK_AGAIN_MS = 250;

export function reservation(now: Date): NonNullable<JobRecord['submitting']> {
  return { by: randomUUID(), until: new Date(now.getTime() + RESERVED_MS).toISOString() };
}

/** The user job with its job's number. `isNew`: this request made the anchor, with the reservation on it. */
export async function submitOnce(
  context: Context,
  { userJob, isNew, wanted }: { readonly userJob: UserJob; readonly isNew: boolean; readonly wanted: Wanted },
  call: Call,
): Promise<UserJob> {
  if (isNew) return submitNow(context, { userJob, wanted });
  for (let current: UserJob | undefined = userJob; current !== undefined;) {
    if (current.record.job?.id !== undefined) return current;
    if (isReserved(current, context.clock())) current = await afterPause(context, current, call);
    else {
      const mine = await takeOver(context, current, call);
      if (mine !== undefined) return findOrSubmit(context, { userJob: mine, wanted }, call);
      current = await reread(context, userJob, call);
    }
  }
  throw endedMeanwhile();
}

async function afterPause(context: Context, userJob: UserJob, call: Call): Promise<UserJob | undefined> {
  try {
    await sleep(LOOK_AGAIN_MS, undefined, { signal: call.signal });
    return await reread(context, userJob, call);
  } catch (error) {
    throw call.signal.aborted ? stillReserved(reservedUntil(userJob) - context.clock().getTime()) : error;
  }
}

function stillReserved(ms: number): AppError {
  const detail =
    'An earlier request has not told yet whether Slurm has taken the job. A repeat looks for it once that one is over.';
  const retryAfterSeconds = Math.max(1, ms / 1000);
  return new AppError('submission_pending', 503, detail, { body: { detail }, retryAfterSeconds });
}

export function isReserved(userJob: UserJob, now: Date): boolean {
  return reservedUntil(userJob) > now.getTime();
}

/** Milliseconds since the epoch; NaN when it is not. */
function reservedUntil({ record }: UserJob): number {
  return Date.parse(record.job?.submitting?.until ?? '');
}

export function slurmHost({ record }: UserJob): SlurmHost {
  return { login: record.login, bin: record.job?.bin };
}

interface Submission {
  readonly userJob: UserJob;
  readonly wanted: Wanted;
}

async function takeOver(context: Context, userJob: UserJob, call: Call): Promise<UserJob | undefined> {
  const { record } = userJob;
  if (record.job === undefined || record.stoppedAt !== undefined) throw endedMeanwhile();
  const job = { ...record.job, submitting: reservation(context.clock()) };
  return changeRecord(context, { userJob, record: { ...record, job } }, call);
}

async function findOrSubmit(context: Context, submission: Submission, call: Call): Promise<UserJob> {
  const { userJob } = submission;
  const [id] = await findByName(context, slurmHost(userJob), { name: slurmName(userJob), call });
  return id === undefined ? submitNow(context, submission) : recordNumber(context, { userJob, id }, call);
}

/** In a time of its own: a caller who goes away in the middle must not leave a job that nobody knows of. */
async function submitNow(context: Context, { userJob, wanted }: Submission): Promise<UserJob> {
  const call = { signal: AbortSignal.timeout(SUBMISSION_MS) };
  const result = await submit(context, slurmHost(userJob), { name: slurmName(userJob), ...wanted, call });
  if ('id' in result) return recordNumber(context, { userJob, id: result.id }, call);
  if ('refused' in result) {
    await removeUserJob(context, userJob, call);
    throw new AppError('job_refused', 400, result.refused, { body: { job: [result.refused] } });
  }
  // Whether Slurm has heard of it is known only when ssh was never let in; else the anchor stays for a repeat, or a sweep.
  if (NEVER_IN.has(result.failed.reason)) await removeUserJob(context, userJob, call);
  throw hostError(result.failed);
}

const NEVER_IN = new Set<string>(['HostKeyRefused', 'KeyMissing', 'LoginRefused', 'NoSsh', 'Unreachable']);

/** Somebody may have ended the user job meanwhile: then its job ends, too. */
async function recordNumber(
  context: Context,
  { userJob, id }: { readonly userJob: UserJob; readonly id: number },
  call: Call,
): Promise<UserJob> {
  const { submitting: _done, ...job } = userJob.record.job ?? { isOurs: true, pollSeconds: 5, nodes: [] };
  const changed = await changeRecord(context, { userJob, record: { ...userJob.record, job: { ...job, id } } }, call);
  context.log.info('job submitted', { anchor: userJob.name, id });
  if (changed !== undefined) return changed;
  const current = await reread(context, userJob, call);
  if (current?.record.job?.id === id) return current;
  await cancel(context, slurmHost(userJob), { id, call });
  if (current?.record.stoppedAt !== undefined) await removeUserJob(context, current, call);
  throw endedMeanwhile();
}

async function reread(context: Context, { name, uid }: UserJob, call: Call): Promise<UserJob | undefined> {
  const found = await getUserJob(context, name, call);
  return found?.uid === uid ? found : undefined;
}

function endedMeanwhile(): AppError {
  return new AppError('conflict', 409, 'The user job was ended while it was being made.');
}
