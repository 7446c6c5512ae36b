// One sweep over all sets that are not over, or of which something runs all the same: it finds what events missed. Sets that only wait cost nothing but lists.
import { AppError } from '../../lib/errors';
import { podsOf } from '../../lib/jobs/readJobPods';
import { toJobSet, type JobSet } from '../../lib/jobSets/jobSet';
import { ACTIVE_SETS, EVERY_STAGE } from '../../lib/jobSets/names';
import { stagesFrom } from '../../lib/jobSets/readSet';
import { isRunning, nextStep, type SetStep } from '../../lib/jobSets/setState';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { LABELS } from '../../lib/labels';
import { tryEach } from '../../lib/tryEach';
import { attend, attendTo } from './attend';
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
  const count: Count = { missed: 0, failed: 0 };
  const active = new Set<string>();
  for await (const page of kube.pages<KubeObject>(anchors, call)) {
    const sets = page.flatMap((object) => toJobSet(object) ?? []);
    const due = sets.filter((set) =>
      isDue(context, set, stagesFrom(set, jobs.get(set.id) ?? [], pods.get(set.id) ?? [])),
    );
    await lookAt(context, {
      count,
      steps: new Map(due.map((set) => [set.id, async () => attend(context, set, call)])),
    });
    for (const { id } of sets) active.add(id);
  }
  const left = [...jobs.keys()].filter((id) => !active.has(id) && hasRunning(jobs.get(id), pods.get(id)));
  await lookAt(context, { count, steps: new Map(left.map((id) => [id, async () => attendTo(context, id, call)])) });
  counters.add('sweep_found_missed', count.missed);
  log.info('sweep finished', { seen: active.size, ...count });
  if (count.failed === 0) return;
  throw new AppError('sweep_incomplete', 503, `${count.failed} sets could not be looked at.`, {
    retryAfterSeconds: 60,
  });
}

interface Count {
  missed: number;
  failed: number;
}

interface Looking {
  readonly count: Count;
  /** What is to be done, by id of the set. */
  readonly steps: ReadonlyMap<string, () => Promise<SetStep['do']>>;
}

async function lookAt({ log }: Context, { count, steps }: Looking): Promise<void> {
  const failures = await tryEach([...steps], SETS_AT_ONCE, async ([, work]) => {
    if ((await work()) !== 'wait') count.missed += 1;
  });
  for (const { item, error } of failures) log.error('a set could not be looked at', { set: item[0], error });
  count.failed += failures.length;
}

/** Of a set that is over: who has read its anchor before it was cancelled may start a stage after it. */
function hasRunning(jobs: readonly KubeObject[] = [], pods: readonly KubeObject[] = []): boolean {
  return jobs.some((job) => isRunning(job.metadata?.name ?? '', { job, pods: podsOf(job, pods) }));
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
