// All sets, page by page: their stages are ended where no node tells of them, and sets that are over are captured and reaped as a whole.
import { toJobSet, type JobSet } from '../../../lib/jobSets/jobSet';
import { EVERY_SET, EVERY_STAGE } from '../../../lib/jobSets/names';
import type { KubeObject } from '../../../lib/kube/objects';
import type { Context } from '../context';
import { attendStage, JOB } from '../jobs/attend';
import { isCaptured } from '../jobs/plan';
import { groupOf, isKept, ruleFor } from '../jobs/policy';
import { onEach, remove, type Run } from '../run';
import type { Seen } from '../seen';
import type { Deletion } from '../tally';
import { createWindow, type Window } from '../window';
import { attendSet, reapingOfSet } from './attend';
import { setEndedAt } from './plan';

/** Anchors hold what their stages are, up to a MiB each. */
const SETS_A_PAGE = 50;
const PAGE = 100;

/** `seen` gets the uids of all sets and of their Jobs, and the ids of sets: those of records. */
export async function sweepSets(context: Context, run: Run, seen: Seen): Promise<void> {
  const { kube, settings } = context;
  const { namespace } = settings;
  const stages = { ...JOB, namespace, labelSelector: EVERY_STAGE, limit: PAGE };
  for await (const page of kube.pages<KubeObject>(stages, run.listing)) {
    const items = page.map((job) => ({ name: job.metadata?.name ?? '', job }));
    for (const { job } of items) seen.add(job.metadata?.uid ?? '');
    await onEach(context, run, { items, work: async ({ job }) => attendStage(context, run, { job }) });
  }
  const window = createWindow<Deletion>();
  const anchors = { apiVersion: 'v1', kind: 'ConfigMap', namespace, labelSelector: EVERY_SET, limit: SETS_A_PAGE };
  for await (const page of kube.pages<KubeObject>(anchors, run.listing)) {
    for (const { metadata } of page) seen.add(metadata?.uid ?? '');
    const items = page.flatMap((object) => namedSet(object));
    for (const { name } of items) seen.add(name);
    run.tally.saw('sets', page.length);
    await onEach(context, run, { items, work: async ({ set }) => visit(context, run, { set, window }) });
  }
}

interface Visited {
  readonly set: JobSet;
  readonly window: Window<Deletion>;
}

async function visit(context: Context, run: Run, { set, window }: Visited): Promise<void> {
  const after = await attendSet(context, run, set);
  if (after === undefined || !isCaptured(after.object) || isKept(after.object)) return;
  if (after.object.metadata?.deletionTimestamp !== undefined) return;
  const { count: size } = ruleFor(after.object, context.settings.policy.jobs);
  const value = reapingOfSet(after, 'set_superseded');
  const leaving = window.offer({ group: groupOf(after.object), size, at: setEndedAt(after), value });
  if (leaving !== undefined) await remove(context, run, leaving);
}

function namedSet(object: KubeObject): readonly { readonly name: string; readonly set: JobSet }[] {
  const set = toJobSet(object);
  return set === undefined ? [] : [{ name: set.id, set }];
}
