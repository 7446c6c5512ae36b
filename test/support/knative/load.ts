// Steady load on a function: a few callers, each with its next request a moment after the last was answered.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Request } from './ingress';

export interface Load {
  /** Ends the load and tells what came of it. */
  readonly stop: () => Promise<{ readonly answered: number; readonly failures: readonly string[] }>;
}

export interface LoadOptions {
  readonly request: Request;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly callers?: number;
}

/** Enough for a request to be under way whenever a pod ends, and little enough to leave the machine to the pods. */
const PAUSE_MS = 50;

export function startLoad({ request, path, headers, callers = 4 }: LoadOptions): Load {
  const ending = new AbortController();
  let answered = 0;
  const failures: string[] = [];
  const call = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      try {
        const { status, text } = await request('GET', path, { headers });
        if (status === 200) answered += 1;
        else failures.push(`${status}: ${text}`);
      } catch (error) {
        failures.push(String(error));
      }
      await sleep(PAUSE_MS);
    }
  };
  const calling = Promise.all(Array.from({ length: callers }, call));
  return {
    stop: async () => {
      ending.abort();
      await calling;
      return { answered, failures };
    },
  };
}
