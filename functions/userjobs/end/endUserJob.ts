// Ends a user job: its job in Slurm first, when it is ours, then its anchor, and Kubernetes removes tunnel and Service. Where the
// host cannot be reached, the anchor says that it is to end, and a sweep goes on.
import { hasCode } from '../../../lib/kube/errors';
import type { Call } from '../../../lib/kube/kube';
import type { Context } from '../context';
import { slurmName, type UserJob } from '../record';
import { cancel, findByName } from '../slurm/host';
import { isReserved, slurmHost } from '../slurm/submitOnce';
import { changeRecord, getUserJob, removeUserJob } from '../userJobs';

export interface Ended {
  readonly isGone: boolean;
  /** What is left to do is marked; this is why it could not be done at once. */
  readonly why?: string;
  readonly isHostAway?: boolean;
}

const NOW: Ended = { isGone: true };

export async function endUserJob(context: Context, userJob: UserJob, call: Call): Promise<Ended> {
  if (userJob.record.job?.isOurs !== true) {
    await removeUserJob(context, userJob, call);
    return NOW;
  }
  const marked = await mark(context, userJob, call);
  if (marked === undefined) return NOW;
  if (isReserved(marked, context.clock())) return { isGone: false, why: 'Its job is being submitted at this moment.' };
  try {
    await cancelJobs(context, marked, call);
  } catch (error) {
    if (!hasCode(error, 'host_unreachable')) throw error;
    context.log.warn('a job could not be cancelled; a sweep tries again', { anchor: marked.name, error });
    return { isGone: false, why: error.message, isHostAway: true };
  }
  await removeUserJob(context, marked, call);
  return NOW;
}

/** Undefined when it is gone. */
async function mark(context: Context, userJob: UserJob, call: Call): Promise<UserJob | undefined> {
  for (let current: UserJob | undefined = userJob; current !== undefined;) {
    if (current.record.stoppedAt !== undefined) return current;
    const record = { ...current.record, stoppedAt: context.clock().toISOString() };
    const marked = await changeRecord(context, { userJob: current, record }, call);
    if (marked !== undefined) return marked;
    const found: UserJob | undefined = await getUserJob(context, userJob.name, call);
    current = found?.uid === userJob.uid ? found : undefined;
  }
  return undefined;
}

/** By its number; by its name, when nobody heard of a number. */
async function cancelJobs(context: Context, userJob: UserJob, call: Call): Promise<void> {
  const host = slurmHost(userJob);
  const { id } = userJob.record.job ?? {};
  const ids = id === undefined ? await findByName(context, host, { name: slurmName(userJob), call }) : [id];
  for (const each of ids) {
    await cancel(context, host, { id: each, call });
    context.log.info('job cancelled', { anchor: userJob.name, id: each });
  }
}
