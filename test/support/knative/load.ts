// Steady load on a function: a few callers, each with its next request as soon as the last was answered.
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

export function startLoad({ request, path, headers, callers = 6 }: LoadOptions): Load {
  let isOver = false;
  let answered = 0;
  const failures: string[] = [];
  const call = async (): Promise<void> => {
    while (!isOver) {
      try {
        const { status, text } = await request('GET', path, { headers });
        if (status === 200) answered += 1;
        else failures.push(`${status}: ${text}`);
      } catch (error) {
        failures.push(String(error));
      }
    }
  };
  const calling = Promise.all(Array.from({ length: callers }, call));
  return {
    stop: async () => {
      isOver = true;
      await calling;
      return { answered, failures };
    },
  };
}
