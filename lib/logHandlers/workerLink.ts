// The worker thread that speaks to the world outside: started when there is need of it, started again when it dies.
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { FromWorker, ToWorker, Writer } from './messages';

/** What of a Worker is used. */
export type Thread = Pick<Worker, 'postMessage' | 'on' | 'terminate' | 'unref'>;

export interface WorkerLinkOptions {
  readonly start: () => Thread;
  readonly onMessage: (message: FromWorker) => void;
  /** A worker is there that knows nothing yet. */
  readonly onStart: () => void;
  readonly onDeath: (reason: string) => void;
}

export interface WorkerLink {
  /** Lost while there is no worker. */
  readonly send: (message: ToWorker) => void;
  readonly ensure: () => void;
  readonly end: () => void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A worker that lived this long has not failed at its start. */
const WELL_AFTER_MS = 60_000;
/** It holds a few batches and a mail. */
const LIMITS = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 4 };

/** The bundle that the build puts beside the function's own. */
export function startWorker(workerData: Writer): Thread {
  // Loaded with the first handler that needs it, and not at each start of a function.
  const threads = process.getBuiltinModule('node:worker_threads');
  return new threads.Worker(join(__dirname, 'packages/logWorker.js'), { workerData, resourceLimits: LIMITS });
}

export function createWorkerLink({ start, onMessage, onStart, onDeath }: WorkerLinkOptions): WorkerLink {
  let thread: Thread | undefined;
  let isWanted = false;
  let failures = 0;
  let pause: NodeJS.Timeout | undefined;

  const begin = (): void => {
    pause = undefined;
    if (!isWanted || thread !== undefined) return;
    const startedAt = performance.now();
    let reason = 'it ended';
    const ended = (): void => {
      thread = undefined;
      if (performance.now() - startedAt > WELL_AFTER_MS) failures = 0;
      failures += 1;
      pause = setTimeout(begin, Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS)).unref();
      onDeath(reason);
    };
    const mine = started(start);
    if (mine instanceof Error) {
      reason = mine.message;
      return ended();
    }
    thread = mine;
    mine.unref();
    mine.on('message', (message) => void (thread === mine && onMessage(message as FromWorker)));
    mine.on('error', (error: unknown) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    mine.on('exit', () => void (thread === mine && ended()));
    onStart();
  };

  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- of windows, which a thread is not
    send: (message) => thread?.postMessage(message),
    ensure: () => {
      isWanted = true;
      if (pause === undefined) begin();
    },
    end: () => {
      isWanted = false;
      clearTimeout(pause);
      pause = undefined;
      void thread?.terminate();
      thread = undefined;
    },
  };
}

/** Where a pod has as many threads as it may, there is none for now. */
function started(start: () => Thread): Thread | Error {
  try {
    return start();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
