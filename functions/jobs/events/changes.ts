// Something that is read again whenever it, or one of its pods, changes.
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobPhase } from '../../../lib/jobs/jobState';
import type { Call } from '../../../lib/kube/kube';
import type { WatchSelection } from '../../../lib/kube/queries';
import type { Context } from '../context';

export interface Seen {
  readonly phase: JobPhase;
  /** What tells its changes. */
  readonly selections: readonly Pick<WatchSelection, 'apiVersion' | 'kind' | 'labelSelector' | 'fieldSelector'>[];
  /** What comes after it was not seen yet. */
  readonly resourceVersion: string;
}

/** Some troubles are told by Events alone, which nobody watches here: what is not running yet is looked at more often. */
const WATCH_SECONDS = { queued: 5, starting: 5, running: 30 } as const;
const PAUSE_MS = 1_000;

/** Until the signal aborts or it is over; fails when it is gone. */
export async function* changes<T extends Seen>(
  context: Context,
  look: (call: Call) => Promise<T>,
  { signal }: Call,
): AsyncGenerator<T> {
  for (;;) {
    const seen = await look({ signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (seen === undefined) return;
    yield seen;
    const seconds = Object.entries(WATCH_SECONDS).find(([phase]) => phase === seen.phase)?.[1];
    if (seconds === undefined) return;
    await somethingChanged(context, seen, { seconds, signal });
    if (signal.aborted) return;
  }
}

/** Or the time is up, or the watch is broken: whoever waits looks by itself then. */
async function somethingChanged(
  { kube, log, settings }: Context,
  { selections, resourceVersion }: Seen,
  { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<void> {
  const common = { namespace: settings.namespace, resourceVersion, timeoutSeconds: seconds };
  const done = new AbortController();
  const stop = (): void => done.abort();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const watching = selections.map(async (selection) =>
      firstEvent(kube.watch({ ...common, ...selection }, { signal: done.signal })),
    );
    await Promise.race(watching);
  } catch (error) {
    if (signal.aborted) return;
    log.debug('a watch of a job broke off', { error });
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

async function firstEvent(events: AsyncIterable<{ readonly type: string }>): Promise<void> {
  for await (const { type } of events) if (type !== 'BOOKMARK') return;
}
