// All jobs: each is attended to, and those that have too many newer ones are reaped.
import type { KubeObject } from '../../../lib/kube/objects';
import type { Context } from '../context';
import { isOutOfTime, onEach, remove, type Run } from '../run';
import type { Deletion } from '../tally';
import { createWindow } from '../window';
import { attendJob, JOB, reapingOf } from './attend';
import { endedAt } from './endedAt';
import { jobsFrom, type Listed, type Listing } from './listing';
import { isCaptured, isSettled } from './plan';
import { groupOf, isKept, ruleFor } from './policy';

export interface JobsSwept {
  /** Where it was last, when the time did not suffice for all. */
  readonly goesOnAfter: string | undefined;
  /** Each job that there is has been seen, if not attended to. */
  readonly areAllKnown: boolean;
}

export async function sweepJobs(context: Context, run: Run, listing: Listing): Promise<JobsSwept> {
  let areAllKnown = true;
  let last = listing.from;
  const window = createWindow<Deletion>();
  const visit = async (listed: Listed): Promise<void> => {
    last = listed.key;
    const after = await attend(context, run, listed);
    if (after === undefined || !isCaptured(after) || isKept(after) || isUnderDeletion(after)) return;
    const { count: size } = ruleFor(after, context.settings.policy.jobs);
    const value = reapingOf(after, 'job_superseded');
    const leaving = window.offer({ group: groupOf(after), size, at: endedAt(after), value });
    if (leaving !== undefined) await remove(context, run, leaving);
  };
  try {
    for await (const items of jobsFrom(context, run, listing)) await onEach(context, run, { items, work: visit });
  } catch (error) {
    // There were more than could be counted.
    if (!isOutOfTime(run)) throw error;
    areAllKnown = false;
  }
  return { goesOnAfter: isOutOfTime(run) ? last : undefined, areAllKnown };
}

/** Answers the Job as it is then; undefined when it is gone, or should be. */
async function attend(context: Context, run: Run, { job }: Listed): Promise<KubeObject | undefined> {
  const looked = job['spec'] !== undefined || isSettled(job) ? job : await whole(context, run, job);
  return looked && attendJob(context, run, { job: looked });
}

/** Its metadata does not suffice. */
async function whole({ kube }: Context, { work }: Run, { metadata }: KubeObject): Promise<KubeObject | undefined> {
  return kube.get<KubeObject>({ ...JOB, namespace: metadata?.namespace, name: metadata?.name ?? '' }, work);
}

function isUnderDeletion({ metadata }: KubeObject): boolean {
  return metadata?.deletionTimestamp !== undefined;
}
