// Waits between looks at the cluster: short ones first, never longer than ten seconds.
import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_MS = 250;
const GROWTH = 1.5;
const LONGEST_MS = 10_000;

export interface Pauses {
  /** Each is longer than the one before. */
  readonly next: (signal?: AbortSignal) => Promise<void>;
  /** Something has happened: more may follow soon. */
  readonly reset: () => void;
}

export function createPauses(): Pauses {
  let ms = FIRST_MS;
  return {
    next: async (signal) => {
      await sleep(ms, undefined, { ...(signal && { signal }) });
      ms = Math.min(ms * GROWTH, LONGEST_MS);
    },
    reset: () => {
      ms = FIRST_MS;
    },
  };
}
