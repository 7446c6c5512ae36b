// One sweep over everything: services, jobs, records, belongings; within its time, and with a report at the end.
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
  throw new AppError('sweep_incomplete', 503, `The sweep failed on ${told.failed} objects.`, { retryAfterSeconds: 60 });
}

/** Whom it knows to be there is known only after all jobs and anchors were listed: records and belongings come last. */
async function sweepAll(context: Context, run: Run): Promise<string | undefined> {
  const seen = createSeen();
  const from = (await readReport(context, run.work))?.goesOnAfter;
  await sweepServices(context, run, seen);
  const goesOnAfter = await sweepJobs(context, run, { seen, from });
  if (isOutOfTime(run)) return goesOnAfter;
  await seeUserJobs(context, run, seen);
  await sweepRecords(context, run, seen);
  await sweepOrphans(context, run, seen);
  return undefined;
}
