// One sweep over everything: services, jobs, sets, records, belongings; within its time, and with a report at the end.
import { AppError } from '../../lib/errors';
import type { Call } from '../../lib/kube/kube';
import { within } from '../../lib/timeLimit';
import type { Context } from './context';
import { sweepJobs, type JobsSwept } from './jobs/sweep';
import { sweepOrphans } from './orphans/sweep';
import { sweepRecords } from './records/sweep';
import { keepReport, readReport, type Report } from './report';
import { isOutOfTime, type Run } from './run';
import { createSeen } from './seen';
import { sweepServices } from './services/sweep';
import { sweepSets } from './sets/sweep';
import { createTally } from './tally';
import { seeUserJobs } from './userjobs/see';

/** Of all the time that there is: when the work on jobs, on sets, and on the rest ends. Logs that nobody can read take what they get. */
const JOBS = 0.45;
const SETS = 0.65;
const WORK = 0.7;
/** Until then what is left is counted; what then remains is for the report. */
const LISTING = 0.9;

/** With one tally. */
interface Runs {
  readonly jobs: Run;
  readonly sets: Run;
  readonly rest: Run;
}

export async function sweep(context: Context, call: Call): Promise<Report> {
  const { clock, settings, counters, log } = context;
  const began = clock();
  const partOf = (part: number): Call => ({ signal: within(part * settings.sweepSeconds * 1000, call.signal) });
  const tally = createTally(counters);
  const listing = partOf(LISTING);
  const runUntil = (part: number): Run => ({ work: partOf(part), listing, tally });
  const runs = { jobs: runUntil(JOBS), sets: runUntil(SETS), rest: runUntil(WORK) };
  const goesOnAfter = await sweepAll(context, runs);
  const now = clock();
  const told = {
    at: now.toISOString(),
    dryRun: settings.isDryRun,
    seconds: (now.getTime() - began.getTime()) / 1000,
    ...tally.totals(),
    ...(goesOnAfter !== undefined && { goesOnAfter }),
  };
  const { deletions: _deletions, ...counts } = told;
  log.info('sweep finished', counts);
  await keepReport(context, told, call);
  counters.add('sweeps');
  if (told.failed === 0) return told;
  throw new AppError('sweep_incomplete', 503, `The sweep failed ${told.failed} times.`, { retryAfterSeconds: 60 });
}

/** Whom it knows to be there is known only after all jobs and anchors were listed: records and belongings come last. */
async function sweepAll(context: Context, runs: Runs): Promise<string | undefined> {
  const { rest } = runs;
  const seen = createSeen();
  const from = (await readReport(context, rest.work))?.goesOnAfter;
  let jobs: JobsSwept = { goesOnAfter: from, areAllKnown: false };
  const areServicesKnown = await isDone(context, rest, async () => sweepServices(context, rest, seen));
  await isDone(context, runs.jobs, async () => {
    jobs = await sweepJobs(context, runs.jobs, { seen, from });
  });
  const areSetsKnown = await isDone(context, runs.sets, async () => sweepSets(context, runs.sets, seen));
  if (isOutOfTime(rest)) return jobs.goesOnAfter;
  const areUserJobsKnown = await isDone(context, rest, async () => seeUserJobs(context, rest, seen));
  const areOwnersKnown = jobs.areAllKnown && areSetsKnown;
  if (areOwnersKnown) await isDone(context, rest, async () => sweepRecords(context, rest, seen));
  if (areOwnersKnown && areServicesKnown && areUserJobsKnown)
    await isDone(context, rest, async () => sweepOrphans(context, rest, seen));
  return jobs.goesOnAfter;
}

/** Whether it came to its end: what one part may not list keeps the others from nothing. */
async function isDone({ log }: Context, run: Run, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!isOutOfTime(run)) run.tally.add('failed');
    log.error('a part of the sweep failed', { error });
    return false;
  }
}
