// Brings one job as far as it can be brought now: ended, captured, reaped, as the plan says.
import { endJob } from '../../../lib/jobs/endJob';
import { isEndedEarly, jobState } from '../../../lib/jobs/jobState';
import { readJobPods } from '../../../lib/jobs/readJobPods';
import { hasCode } from '../../../lib/kube/errors';
import type { KubeObject } from '../../../lib/kube/objects';
import { ANNOTATIONS, LABELS } from '../../../lib/labels';
import { captureJob, type Over } from '../capture/capture';
import type { Context } from '../context';
import { remove, type Run } from '../run';
import { deletionOf, type Deletion, type Reason } from '../tally';
import { planJob, type Looked, type Step } from './plan';

export const JOB = { apiVersion: 'batch/v1', kind: 'Job' } as const;

/** Only as it was judged: somebody may mark it as one to be kept. */
export function reapingOf(job: KubeObject, reason: Reason): Deletion {
  const { resourceVersion } = job.metadata ?? {};
  return { ...deletionOf(JOB, job, reason), ...(resourceVersion !== undefined && { resourceVersion }) };
}

/** Answers the Job as it is then; undefined when it is gone, or should be. */
export async function attendJob(context: Context, run: Run, looked: Looked): Promise<KubeObject | undefined> {
  const step = planJob(looked, context.settings.policy, context.clock());
  const { job } = looked;
  switch (step.do) {
    case 'nothing':
      return job;
    case 'look':
      return attendJob(context, run, { job, pods: await readJobPods(context.kube, job, run.work) });
    case 'end':
      return end(context, run, { job, ending: step });
    case 'capture':
      return captureAndGoOn(context, run, { job, pods: looked.pods ?? [], isLastChance: step.isLastChance });
    case 'reap':
      await remove(context, run, reapingOf(job, 'job_expired'));
      return undefined;
    default:
      return step satisfies never;
  }
}

/** The Job of a stage is ended as any other; captured and reaped is only its set. */
export async function attendStage(context: Context, run: Run, looked: Looked): Promise<void> {
  const { job } = looked;
  const step = planJob(looked, context.settings.policy, context.clock());
  if (step.do === 'end') await end(context, run, { job, ending: step });
  if (step.do !== 'look') return;
  await attendStage(context, run, { job, pods: await readJobPods(context.kube, job, run.work) });
}

async function end(
  { kube, log, settings }: Context,
  { work, tally }: Run,
  { job, ending }: { readonly job: KubeObject; readonly ending: Extract<Step, { do: 'end' }> },
): Promise<KubeObject | undefined> {
  const { why, isLost } = ending;
  log.info(settings.isDryRun ? 'would end a job' : 'ending a job', { name: job.metadata?.name, why, isLost });
  try {
    const { resourceVersion } = job.metadata ?? {};
    const ended = settings.isDryRun ? job : await endJob(kube, { job, why, isLost, resourceVersion }, work);
    if (!isEndedEarly(job)) tally.add('ended');
    return ended;
  } catch (error) {
    // Somebody changed it meanwhile, perhaps let it go at last: the next sweep judges it as it is then.
    if (!hasCode(error, 'conflict')) throw error;
    return job;
  }
}

async function captureAndGoOn(context: Context, run: Run, over: Over): Promise<KubeObject | undefined> {
  if (context.settings.isDryRun) {
    run.tally.add('captured');
    context.log.info('would capture a job', { name: over.job.metadata?.name });
    return attendJob(context, run, { job: asCaptured(over) });
  }
  const captured = await captureJob(context, run, over);
  // Postponed: the next sweep tries again.
  if (captured === 'postponed') return over.job;
  return captured && attendJob(context, run, { job: captured });
}

/** As it would be, for a dry run: whether it went then is told, too. */
function asCaptured({ job, pods }: Pick<Over, 'job' | 'pods'>): KubeObject {
  const { metadata } = job;
  const labels = { ...metadata?.labels, [LABELS.phase]: jobState(job, pods).phase };
  const annotations = { ...metadata?.annotations, [ANNOTATIONS.captured]: 'dry run' };
  return { ...job, metadata: { ...metadata, labels, annotations } };
}
