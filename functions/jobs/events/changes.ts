// A job, read again whenever it or one of its pods changes.
import { setTimeout as sleep } from 'node:timers/promises';
import { listPodsNamed, podSelector, podsOf } from '../../../lib/jobs/readJobPods';
import type { Call, WatchSelection } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import type { Pod } from '../../../lib/status/observed';
import type { Context } from '../context';
import { findJob, type Sought } from '../find';
import { readState, type ToldState } from '../state/readState';

export interface Change {
  readonly job: KubeObject;
  readonly pods: readonly Pod[];
  readonly state: ToldState;
  /** What comes after it was not seen yet. */
  readonly resourceVersion: string;
}

/** Some troubles are told by Events alone, which nobody watches here: what is not running yet is looked at more often. */
const WATCH_SECONDS = { queued: 5, starting: 5, running: 30 } as const;
const PAUSE_MS = 1_000;

/** Until the signal aborts or the job is over; fails when it is gone. */
export async function* changes(context: Context, sought: Sought, { signal }: Call): AsyncGenerator<Change> {
  for (;;) {
    const seen = await lookAt(context, sought, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (seen === undefined) return;
    yield seen;
    const seconds = Object.entries(WATCH_SECONDS).find(([phase]) => phase === seen.state.phase)?.[1];
    if (seconds === undefined) return;
    await somethingChanged(context, seen, { seconds, signal });
    if (signal.aborted) return;
  }
}

/** Pods first: from their version on, changes of the Job are told, too. */
async function lookAt(context: Context, sought: Sought, call: Call): Promise<Change> {
  const { namespace } = context.settings;
  const { items, resourceVersion = '' } = await listPodsNamed(context.kube, { namespace, name: sought.id }, call);
  const job = await findJob(context, sought, call);
  const pods = podsOf(job, items);
  return { job, pods, resourceVersion, state: await readState(context, { job, pods }, call) };
}

/** Or the time is up, or the watch is broken: whoever waits looks by itself then. */
async function somethingChanged(
  { kube, log }: Context,
  { job, resourceVersion }: Change,
  { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<void> {
  const { namespace, name = '' } = job.metadata ?? {};
  const common = { namespace, resourceVersion, timeoutSeconds: seconds };
  const selections: readonly WatchSelection[] = [
    { ...common, apiVersion: 'batch/v1', kind: 'Job', fieldSelector: `metadata.name=${name}` },
    { ...common, apiVersion: 'v1', kind: 'Pod', labelSelector: podSelector(name) },
  ];
  const done = new AbortController();
  const stop = (): void => done.abort();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.race(selections.map(async (selection) => firstEvent(kube.watch(selection, { signal: done.signal }))));
  } catch (error) {
    if (signal.aborted) return;
    log.debug('a watch of a job broke off', { job: name, error });
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

async function firstEvent(events: AsyncIterable<{ readonly type: string }>): Promise<void> {
  for await (const { type } of events) if (type !== 'BOOKMARK') return;
}
