// One sweep over all sets that are not over: it finds what events missed. Sets that only wait cost nothing but lists.
import { AppError } from '../../lib/errors';
import { toJobSet, type JobSet } from '../../lib/jobSets/jobSet';
import { ACTIVE_SETS, EVERY_STAGE } from '../../lib/jobSets/names';
import { stagesFrom } from '../../lib/jobSets/readSet';
import { nextStep } from '../../lib/jobSets/setState';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { LABELS } from '../../lib/labels';
import { tryEach } from '../../lib/tryEach';
import { attend } from './attend';
import type { Context } from './context';

/** Anchors hold what their stages are, up to a MiB each. */
const SETS_A_PAGE = 50;
const PAGE = 500;
const SETS_AT_ONCE = 8;

export async function sweep(context: Context, call: Call): Promise<void> {
  const { kube, settings, log, counters } = context;
  const { namespace } = settings;
  // Belongings first: an anchor is there before what belongs to it.
  const jobs = await bySet(context, { apiVersion: 'batch/v1', kind: 'Job' }, call);
  const pods = await bySet(context, { apiVersion: 'v1', kind: 'Pod' }, call);
  const anchors = { apiVersion: 'v1', kind: 'ConfigMap', namespace, labelSelector: ACTIVE_SETS, limit: SETS_A_PAGE };
  const count = { seen: 0, missed: 0, failed: 0 };
  for await (const page of kube.pages<KubeObject>(anchors, call)) {
    const sets = page.flatMap((object) => toJobSet(object) ?? []);
    const due = sets.filter((set) =>
      isDue(context, set, stagesFrom(set, jobs.get(set.id) ?? [], pods.get(set.id) ?? [])),
    );
    const failures = await tryEach(due, SETS_AT_ONCE, async (set) => {
      if ((await attend(context, set, call)) !== 'wait') count.missed += 1;
    });
    for (const { item, error } of failures) log.error('a set could not be looked at', { set: item.id, error });
    count.seen += sets.length;
    count.failed += failures.length;
  }
  counters.add('sweep_found_missed', count.missed);
  log.info('sweep finished', count);
  if (count.failed === 0) return;
  throw new AppError('sweep_incomplete', 503, `${count.failed} sets could not be looked at.`, {
    retryAfterSeconds: 60,
  });
}

function isDue({ settings, clock }: Context, set: JobSet, jobs: ReturnType<typeof stagesFrom>): boolean {
  return nextStep({ set, jobs }, settings.submissionSeconds, clock()).do !== 'wait';
}

type BySet = ReadonlyMap<string, readonly KubeObject[]>;

async function bySet({ kube, settings }: Context, type: Type, call: Call): Promise<BySet> {
  const found = new Map<string, KubeObject[]>();
  const selection = { ...type, namespace: settings.namespace, labelSelector: EVERY_STAGE, limit: PAGE };
  for await (const page of kube.pages<KubeObject>(selection, call)) {
    for (const object of page) {
      const id = object.metadata?.labels?.[LABELS.jobSet] ?? '';
      const same = found.get(id);
      if (same) same.push(object);
      else found.set(id, [object]);
    }
  }
  return found;
}

interface Type {
  readonly apiVersion: string;
  readonly kind: string;
}
