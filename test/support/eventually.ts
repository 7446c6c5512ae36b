// Waiting in tests: asks again at short intervals until something holds, and tells what it saw last when it never did.
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeClient } from './kubeClient';

const INTERVAL_MS = 50;
const SECONDS = 25;

declare global {
  /** Of a jest project whose cluster may have other things to do. */
  // oxlint-disable-next-line no-var -- the form that declares a global
  var patienceSeconds: number | undefined;
}

/** Resolves with the first result of `attempt` that is neither undefined nor an error. */
export async function eventually<T>(
  attempt: () => Promise<T>,
  seconds = globalThis.patienceSeconds ?? SECONDS,
): Promise<NonNullable<T>> {
  const giveUpAt = performance.now() + seconds * 1000;
  for (;;) {
    let failure: unknown = new Error(`nothing after ${seconds} s`);
    try {
      const value = await attempt();
      if (value !== undefined && value !== null) return value;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > giveUpAt) throw failure;
    await sleep(INTERVAL_MS);
  }
}

/** Kubernetes deletes what belonged to something in its own time. */
export async function untilEmpty(kube: KubeClient, except: readonly string[] = [], seconds = 60): Promise<void> {
  await eventually(async () => {
    const left = (await kube.everything()).filter((name) => !except.includes(name));
    if (left.length > 0) throw new Error(`still there: ${left.join(', ')}`);
    return true;
  }, seconds);
}
