// From an event to the job that it hints at, or to a sweep; everything that counts is read again from the cluster.
import type { OnEvent } from '../../lib/http/route';
import { JOB_KIND } from '../../lib/jobs/names';
import { STAGE_KIND } from '../../lib/jobSets/names';
import { getSet } from '../../lib/jobSets/readSet';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { LABELS, MANAGED_BY } from '../../lib/labels';
import { createLatest } from '../../lib/latest';
import type { Context } from './context';
import { readHint, type Hint } from './hint';
import { attendJob, attendStage } from './jobs/attend';
import type { Run } from './run';
import { attendSet } from './sets/attend';
import { sweep } from './sweep';
import { createTally } from './tally';

export function createHandler(context: Context): OnEvent {
  const latest = createLatest();
  // Shared by several requests, so it is nobody's own.
  const call = (): Call => ({ signal: AbortSignal.timeout(context.settings.sweepSeconds * 1000) });
  return async (event) => {
    // The empty POST of OpenFaaS's cron-connector is no event.
    const hint: Hint = event === undefined ? { about: 'everything' } : readHint(event, context.settings);
    if (hint.about === 'everything') await latest('everything', async () => void (await sweep(context, call())));
    else await latest(`job ${hint.name}`, async () => attendTo(context, hint.name, call()));
    return undefined;
  };
}

/** Events outlive what they are about, and anybody may have sent them: the Job itself says whose it is. */
async function attendTo(context: Context, name: string, call: Call): Promise<void> {
  const { namespace } = context.settings;
  const job = await context.kube.get<KubeObject>({ apiVersion: 'batch/v1', kind: 'Job', namespace, name }, call);
  const run = { work: call, listing: call, tally: createTally(context.counters) };
  const kind = job && kindOf(job);
  if (job !== undefined && kind === JOB_KIND) await attendJob(context, run, { job });
  if (job !== undefined && kind === STAGE_KIND) await attendStageAndSet(context, run, job);
}

/** The last stage of a set ends with it. */
async function attendStageAndSet(context: Context, run: Run, job: KubeObject): Promise<void> {
  await attendStage(context, run, { job });
  const where = { kube: context.kube, namespace: context.settings.namespace };
  const set = await getSet(where, job.metadata?.labels?.[LABELS.jobSet] ?? '', run.work);
  if (set !== undefined) await attendSet(context, run, set);
}

function kindOf({ metadata }: KubeObject): string | undefined {
  const labels = metadata?.labels ?? {};
  return labels[LABELS.managedBy] === MANAGED_BY ? labels[LABELS.kind] : undefined;
}
