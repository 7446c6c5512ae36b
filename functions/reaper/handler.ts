// From an event to the job that it hints at, or to a sweep; everything that counts is read again from the cluster.
import type { OnEvent } from '../../lib/http/route';
import { JOB_KIND } from '../../lib/jobs/names';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { LABELS, MANAGED_BY } from '../../lib/labels';
import { createLatest } from '../../lib/latest';
import type { Context } from './context';
import { readHint, type Hint } from './hint';
import { attendJob } from './jobs/attend';
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
  if (job === undefined || !isOurs(job)) return;
  await attendJob(context, { work: call, listing: call, tally: createTally(context.counters) }, { job });
}

function isOurs({ metadata }: KubeObject): boolean {
  const labels = metadata?.labels ?? {};
  return labels[LABELS.managedBy] === MANAGED_BY && labels[LABELS.kind] === JOB_KIND;
}
