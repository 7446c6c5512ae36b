// One run of the reaper: its time, what it counts, and how it works on many things at once.
import type { Call } from '../../lib/kube/kube';
import { tryEach } from '../../lib/tryEach';
import type { Context } from './context';
import type { Deletion, Tally } from './tally';

export interface Run {
  /** Ends when no more work may begin. */
  readonly work: Call;
  /** Ends a little later: until then what is left can still be counted. */
  readonly listing: Call;
  readonly tally: Tally;
}

/** Enough to keep an API server busy, and few enough that others get their turn. */
const AT_ONCE = 16;

export function isOutOfTime({ work }: Run): boolean {
  return work.signal.aborted;
}

/** Each is tried; what fails is told, and what the time does not suffice for is left to the next run. */
export async function onEach<T extends { readonly name: string }>(
  { log }: Context,
  run: Run,
  { items, work }: { readonly items: readonly T[]; readonly work: (item: T) => Promise<void> },
): Promise<void> {
  const failures = await tryEach(items, AT_ONCE, async (item) => {
    if (isOutOfTime(run)) run.tally.leave(1);
    else await work(item);
  });
  for (const { item, error } of failures) {
    if (isOutOfTime(run)) run.tally.leave(1);
    else {
      run.tally.add('failed');
      log.error('the reaper failed on an object', { name: item.name, error });
    }
  }
}

/** The one place where something is deleted: told with its reason first, and only while it is the very object that was judged. */
export async function remove({ kube, log, settings }: Context, run: Run, deletion: Deletion): Promise<void> {
  const { apiVersion, kind, namespace, name, uid, resourceVersion, reason } = deletion;
  const judged = { uid, ...(resourceVersion !== undefined && { resourceVersion }) };
  run.tally.plan(deletion);
  log.info(settings.isDryRun ? 'would delete' : 'deleting', { kind, namespace, name, uid, reason });
  if (settings.isDryRun) return;
  if (await kube.delete({ apiVersion, kind, namespace, name }, judged, run.work)) run.tally.add('deleted');
}
