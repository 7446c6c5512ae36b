// Lets a few pieces of work run at once and a bounded number wait; the rest is told to come back.
import { AppError } from '../errors';

export type Queue = <T>(work: () => Promise<T>) => Promise<T>;

export function createQueue({ running, waiting }: { readonly running: number; readonly waiting: number }): Queue {
  let free = running;
  const waiters: (() => void)[] = [];

  async function turn(): Promise<void> {
    if (free > 0) free -= 1;
    else if (waiters.length < waiting) await new Promise<void>((resolve) => waiters.push(resolve));
    else throw busy();
  }

  function done(): void {
    const next = waiters.shift();
    if (next) next();
    else free += 1;
  }

  return async (work) => {
    await turn();
    try {
      return await work();
    } finally {
      done();
    }
  };
}

function busy(): AppError {
  const detail = 'Too many logins at once. Please try again.';
  return new AppError('busy', 503, detail, { retryAfterSeconds: 1, body: { detail } });
}
