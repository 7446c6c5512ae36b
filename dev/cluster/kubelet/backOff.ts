// How long to wait before something that failed is tried again: twice as long each time, up to a limit.

const LONGEST_FACTOR = 30;
/** After running for this many base delays, a failure counts as the first one again. */
const FORGIVEN_FACTOR = 60;

export interface BackOff {
  /** Milliseconds to wait after one more failure. */
  readonly next: () => number;
  /** Tells for how long it ran before it failed. */
  readonly ran: (ms: number) => void;
}

export function createBackOff(baseMs: number): BackOff {
  let failures = 0;
  return {
    next: () => {
      const delay = baseMs * Math.min(2 ** failures, LONGEST_FACTOR);
      failures += 1;
      return delay;
    },
    ran: (ms) => {
      if (ms >= baseMs * FORGIVEN_FACTOR) failures = 0;
    },
  };
}
