// One sweep over everything: services, jobs, sets, records, belongings; within its time, and with a report at the end.
import { AppError } from '../../lib/errors';
import type { Call } from '../../lib/kube/kube';
import { within } from '../../lib/timeLimit';
import type { Context } from './context';
import { sweepJobs } from './jobs/sweep';
import { sweepOrphans } from './orphans/sweep';
import { sweepRecords } from './records/sweep';
import { keepReport, readReport, type Report } from './report';
import { isOutOfTime, type Run } from './run';
import { createSeen } from './seen';
import { sweepServices } from './services/sweep';
import { sweepSets } from './sets/sweep';
import { createTally } from './tally';
import { seeUserJobs } from './userjobs/see';

/** Of all the time that there is: for work, and then for counting what is left. The rest is for the report. */
const WORK = 0.7;
const LISTING = 0.9;

export async function sweep(context: Context, call: Call): Promise<Report> {
  const { clock, settings, counters, log } = context;
  const began = clock();
  const partOf = (part: number): Call => ({ signal: within(part * settings.sweepSeconds * 1000, call.signal) });
  const run: Run = { work: partOf(WORK), listing: partOf(LISTING), tally: createTally(counters) };
  const goesOnAfter = await sweepAll(context, run);
  const now = clock();
  const told = {
    at: now.toISOString(),
    dryRun: settings.isDryRun,
    seconds: (now.getTime() - began.getTime()) / 1000,
    ...run.tally.totals(),
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
async function sweepAll(context: Context, run: Run): Promise<string | undefined> {
  const seen = createSeen();
  const from = (await readReport(context, run.work))?.goesOnAfter;
  let goesOnAfter: string | undefined;
  const areServicesKnown = await isDone(context, run, async () => sweepServices(context, run, seen));
  const areJobsKnown = await isDone(context, run, async () => {
    goesOnAfter = await sweepJobs(context, run, { seen, from });
  });
  if (isOutOfTime(run)) return goesOnAfter;
  const areSetsKnown = await isDone(context, run, async () => sweepSets(context, run, seen));
  const areUserJobsKnown = await isDone(context, run, async () => seeUserJobs(context, run, seen));
  if (areJobsKnown && areSetsKnown) await isDone(context, run, async () => sweepRecords(context, run, seen));
  const areAllKnown = areServicesKnown && areJobsKnown && areSetsKnown && areUserJobsKnown;
  if (areAllKnown) await isDone(context, run, async () => sweepOrphans(context, run, seen));
  return undefined;
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
