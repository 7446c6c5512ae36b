// Waits until an instance answers from its cache.
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 30_000;

export async function untilWarm(isWarm: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (!(await isWarm())) {
    if (performance.now() > giveUpAt) throw new Error('the cache of the instance does not get warm');
    await sleep(100);
  }
}
