// Repeats a request to the API server when that is safe and there is still time.
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors';

/** Attempts in all of who is not patient; with the pauses below this is about a second, well inside a hub's 20 s. */
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

export interface Attempt<T> {
  readonly value: T;
  /** An earlier attempt may have taken effect although its answer was lost. */
  readonly repeated: boolean;
}

export interface Patience {
  readonly signal: AbortSignal;
  /** Only `signal` ends it. */
  readonly isPatient?: boolean;
}

/**
 * Runs `attempt` until it succeeds, fails for good, or patience ends.
 * Every verb of this client may be repeated: names are deterministic, deletes carry preconditions or selectors, patches state the result.
 */
export async function withRetries<T>(
  attempt: (number: number) => Promise<T>,
  patience: Patience,
  pause: (ms: number, signal: AbortSignal) => Promise<void> = wait,
): Promise<Attempt<T>> {
  let repeated = false;
  for (let number = 1; ; number += 1) {
    try {
      return { value: await attempt(number), repeated };
    } catch (error) {
      const failure = error as AppError;
      if (!mayRepeat(failure, number, patience)) throw repeated ? asRepeated(failure) : error;
      repeated ||= failure.details.fields?.['apiStatus'] !== 429;
      // Out of time while it waits: what the cluster said last is told, not that the waiting was cut short.
      await pause(pauseMs(number, failure), patience.signal).catch(() => {
        throw repeated ? asRepeated(failure) : error;
      });
    }
  }
}

function mayRepeat({ status }: AppError, attempts: number, { signal, isPatient = false }: Patience): boolean {
  return status === 503 && !signal.aborted && (isPatient || attempts < ATTEMPTS);
}

/** An earlier attempt may have taken effect: what failed last may be its consequence. */
function asRepeated(error: AppError): AppError {
  const fields = { ...error.details.fields, repeated: true };
  return new AppError(error.code, error.status, error.message, { ...error.details, cause: error, fields });
}

function pauseMs(number: number, { details }: AppError): number {
  const jittered = FIRST_PAUSE_MS * 2 ** (number - 1) * (0.5 + Math.random());
  const asked = Number(details.fields?.['askedSeconds'] ?? 0) * 1000;
  return Math.min(Math.max(jittered, asked), LONGEST_PAUSE_MS);
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}
