// An S3 server that goes away in the middle: restic tries again by itself; how long that may last, and that it is told, is settled here.
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure';

export interface Outage {
  /** What restic says to its standard error: when it has to repeat something, the server is looked after. */
  readonly hear: (text: string) => void;
  readonly isAway: () => boolean;
  /** Aborted, with the failure as its reason, when the server has not answered for too long. */
  readonly signal: AbortSignal;
  /** Nobody needs the server any more. */
  readonly rest: () => void;
}

export interface OutageOptions {
  /** Why the server does not answer; undefined when it does. */
  readonly silence: () => Promise<string | undefined>;
  readonly seconds: number;
  /** When the first look has found it silent. */
  readonly onAway: () => void;
  readonly now: () => number;
}

const RETRY = /returned error, retrying/;
const PAUSE_MS = 2_000;

/** Of a repository that is no server's. */
export const NO_OUTAGE: Outage = {
  hear: () => undefined,
  isAway: () => false,
  signal: new AbortController().signal,
  rest: () => undefined,
};

export function createOutage({ silence, seconds, onAway, now }: OutageOptions): Outage {
  const ending = new AbortController();
  let away: AbortController | undefined;
  const watch = async (watching: AbortController): Promise<void> => {
    const since = now();
    for (let isFirst = true; ; isFirst = false) {
      const why = await silence();
      if (why === undefined || watching.signal.aborted) break;
      if (isFirst) onAway();
      if (now() - since >= seconds * 1000) return ending.abort(gone(why, seconds));
      await sleep(PAUSE_MS, undefined, { ref: false });
    }
    if (away === watching) away = undefined;
  };
  return {
    hear: (text) => {
      if (away !== undefined || !RETRY.test(text)) return;
      away = new AbortController();
      void watch(away);
    },
    isAway: () => away !== undefined,
    signal: ending.signal,
    rest: () => {
      away?.abort();
      away = undefined;
    },
  };
}

function gone(why: string, seconds: number): Failure {
  const message = `The S3 server has not answered for ${seconds} s (${why}): repeat this when it does. What was kept before is untouched.`;
  return new Failure('RepositoryUnreachable', message);
}
