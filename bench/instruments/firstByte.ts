// Asks again and again until the first byte of an answer comes, and tells when that was.
import { get } from 'node:http';

const EVERY_MS = 20;
/** A try that nobody refuses is lost on its way, and the system repeats it after a second only: the others do not wait for it. */
const TRY_MS = 500;
const PATIENCE_MS = 60_000;

/** As performance.now() has it. */
export async function untilFirstByte(origin: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearInterval(trying);
      clearTimeout(patience);
    };
    const trying = setInterval(() => {
      tryOnce(origin, (at) => {
        end();
        resolve(at);
      });
    }, EVERY_MS);
    const patience = setTimeout(() => {
      end();
      reject(new Error(`nothing comes from ${origin}`));
    }, PATIENCE_MS);
  });
}

function tryOnce(origin: string, answered: (at: number) => void): void {
  const asked = get(origin, { agent: false, signal: AbortSignal.timeout(TRY_MS) }, (incoming) => {
    if (incoming.statusCode === 200) answered(performance.now());
    incoming.destroy();
  });
  // Refused or lost: the next one is on its way.
  asked.on('error', () => undefined);
}
