// All jobs, page by page in constant memory: each is attended to, and those that have too many newer ones are reaped.
import { JOB_KIND } from '../../../lib/jobs/names';
import type { KubeObject } from '../../../lib/kube/objects';
import { LABELS, MANAGED_BY } from '../../../lib/labels';
import type { Context } from '../context';
import { isOutOfTime, onEach, remove, type Run } from '../run';
import type { Seen } from '../seen';
import type { Deletion } from '../tally';
import { createWindow } from '../window';
import { attendJob, JOB, reapingOf } from './attend';
import { endedAt } from './endedAt';
import { isCaptured } from './plan';
import { groupOf, isKept, ruleFor } from './policy';

/** Larger pages are a little faster, and take more memory: with 500 more than 150 MiB at 10,000 jobs. */
const PAGE = 100;

export interface JobsSweep {
  /** Gets the uid and the name of each job that there is. */
  readonly seen: Seen;
  /** Where the last sweep ran out of time: this one begins behind it, and comes to the others afterwards. */
  readonly from: string | undefined;
}

/** Answers the job that was looked at last, when the time did not suffice for all. */
export async function sweepJobs(context: Context, run: Run, { seen, from }: JobsSweep): Promise<string | undefined> {
  let last = from;
  const window = createWindow<Deletion>();
  const visit = async ({ name, job }: Named): Promise<void> => {
    last = name;
    const after = await attendJob(context, run, { job });
    if (after === undefined || !isCaptured(after) || isKept(after) || isUnderDeletion(after)) return;
    const { count: size } = ruleFor(after, context.settings.policy.jobs);
    const value = reapingOf(after, 'job_superseded');
    const leaving = window.offer({ group: groupOf(after), size, at: endedAt(after), value });
    if (leaving !== undefined) await remove(context, run, leaving);
  };
  try {
    for await (const items of itemsOf(context, run, from)) {
      for (const { name, job } of items) [name, job.metadata?.uid ?? ''].forEach(seen.add);
      run.tally.saw('jobs', items.length);
      await onEach(context, run, { items, work: visit });
    }
  } catch (error) {
    // There were more than could be counted.
    if (!isOutOfTime(run)) throw error;
  }
  return isOutOfTime(run) ? last : undefined;
}

async function* itemsOf(context: Context, run: Run, from: string | undefined): AsyncGenerator<readonly Named[]> {
  for (const isTurn of turnsFrom(from)) {
    for await (const page of pagesOf(context, run)) yield page.map(named).filter(({ name }) => isTurn(name));
  }
}

function turnsFrom(from: string | undefined): readonly ((name: string) => boolean)[] {
  if (from === undefined) return [() => true];
  return [(name) => name > from, (name) => name <= from];
}

interface Named {
  readonly name: string;
  readonly job: KubeObject;
}

function named(job: KubeObject): Named {
  return { name: job.metadata?.name ?? '', job };
}

/** In order of their names. */
function pagesOf({ kube, settings }: Context, { listing }: Run): AsyncIterable<readonly KubeObject[]> {
  const labelSelector = `${LABELS.managedBy}=${MANAGED_BY},${LABELS.kind}=${JOB_KIND}`;
  return kube.pages<KubeObject>({ ...JOB, namespace: settings.namespace, labelSelector, limit: PAGE }, listing);
}

function isUnderDeletion({ metadata }: KubeObject): boolean {
  return metadata?.deletionTimestamp !== undefined;
}
