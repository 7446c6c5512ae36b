// What becomes of a message after one attempt, from how that ended. Pure.
import type { Outcome } from '../outcome';

export type Verdict =
  | { readonly do: 'finish' }
  | { readonly do: 'bury'; readonly reason: string }
  | { readonly do: 'postpone'; readonly ms: number; readonly isCounted: boolean };

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 600_000;
/** Nobody is to blame: it is as good as never tried. */
const AWAY_MS = 10_000;

export function verdictOn(outcome: Outcome, attempts: number, most: number): Verdict {
  switch (outcome.is) {
    case 'done':
      return { do: 'finish' };
    case 'refused':
      return { do: 'bury', reason: outcome.reason };
    case 'unavailable':
    case 'busy':
    case 'unready':
      return { do: 'postpone', ms: AWAY_MS, isCounted: false };
    case 'failed': {
      if (attempts >= most) return { do: 'bury', reason: `tried ${attempts} times: ${outcome.reason}` };
      return { do: 'postpone', ms: Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS), isCounted: true };
    }
    default:
      return outcome satisfies never;
  }
}

/** Undefined while it may be tried. Whoever had it before has died of it, or was killed. */
export function unfit(
  { size, attempts }: { size: number; attempts: number },
  limits: { maxBytes: number; attempts: number },
): string | undefined {
  if (size > limits.maxBytes) return `larger than ${limits.maxBytes} bytes`;
  return attempts > limits.attempts ? `tried ${attempts - 1} times, and never to an end` : undefined;
}
