// Runs controllers: a change names what to look at again, never what happened; each name is looked at once, later, alone.
import type { Store, StoreEvent } from '../store';

export type Log = (message: string, fields: Readonly<Record<string, unknown>>) => void;

export interface Controller {
  readonly name: string;
  /** Which keys an object's change concerns. */
  readonly keysOf: (event: StoreEvent) => readonly string[];
  /** Makes the world more like what is wanted; answers the milliseconds after which to look again by itself. */
  readonly reconcile: (key: string) => number | undefined | void;
}

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 30_000;

export function runControllers(store: Store, controllers: readonly Controller[], log: Log = () => {}): () => void {
  const loops = controllers.map((controller) => createLoop(controller, log));
  const tell = (event: StoreEvent): void => {
    for (const loop of loops) loop.tell(event);
  };
  const unsubscribe = store.watch(tell);
  return () => {
    unsubscribe();
    for (const loop of loops) loop.stop();
  };
}

interface Loop {
  tell(event: StoreEvent): void;
  stop(): void;
}

function createLoop(controller: Controller, log: Log): Loop {
  const queued = new Set<string>();
  const timers = new Map<string, NodeJS.Timeout>();
  const failures = new Map<string, number>();
  let pass: NodeJS.Immediate | undefined;

  const enqueue = (key: string): void => {
    queued.add(key);
    pass ??= setImmediate(runQueued);
  };
  const enqueueLater = (key: string, delayMs: number): void => {
    // Longer delays overflow a timer; waking up early does no harm.
    const timer = setTimeout(() => enqueue(key), Math.min(delayMs, 2 ** 31 - 1));
    timers.set(key, timer.unref());
  };
  const runOne = (key: string): void => {
    clearTimeout(timers.get(key));
    timers.delete(key);
    try {
      const again = controller.reconcile(key);
      failures.delete(key);
      if (typeof again === 'number') enqueueLater(key, Math.max(again, 1));
    } catch (error) {
      const failed = failures.get(key) ?? 0;
      failures.set(key, failed + 1);
      log('reconcile failed', { controller: controller.name, key, error });
      enqueueLater(key, Math.min(FIRST_RETRY_MS * 2 ** failed, LONGEST_RETRY_MS));
    }
  };
  const runQueued = (): void => {
    pass = undefined;
    const keys = [...queued];
    queued.clear();
    for (const key of keys) runOne(key);
  };

  return {
    tell: (event) => controller.keysOf(event).forEach(enqueue),
    stop: () => {
      if (pass !== undefined) clearImmediate(pass);
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
