// Asks again and again until the first byte of an answer comes, and tells when that was.
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 5;
/** A try that nobody refuses is lost on its way; ssh and the node behind it answer far sooner. */
const TRY_MS = 500;
const PATIENCE_MS = 60_000;

/** As performance.now() has it. */
export async function untilFirstByte(origin: string): Promise<number> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const at = await tryOnce(origin);
    if (at !== undefined) return at;
    if (performance.now() > giveUpAt) throw new Error(`nothing comes from ${origin}`);
    await sleep(PAUSE_MS);
  }
}

async function tryOnce(origin: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const asked = get(origin, { agent: false, signal: AbortSignal.timeout(TRY_MS) }, (incoming) => {
      resolve(incoming.statusCode === 200 ? performance.now() : undefined);
      incoming.destroy();
    });
    asked.on('error', () => resolve(undefined));
  });
}
