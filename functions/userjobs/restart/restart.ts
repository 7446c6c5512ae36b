// Tells all connected hubs, each once, to open their tunnels anew; one that cannot be told keeps nobody else from hearing it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tunnel } from '../../../lib/config/tunnels';
import { isTelling, planRestarts, type Surroundings, type Telling } from './plan';
import { tell } from './tell';

export interface Told {
  readonly hostname: string;
  /** Absent for what is skipped. */
  readonly url?: string;
  readonly outcome: 'told' | 'would be told' | 'skipped' | 'failed';
  readonly why?: string;
  /** Its certificate was not looked at, or it has none: anybody on the way may read the credential. */
  readonly isUnverified?: boolean;
}

export interface Restart extends Surroundings {
  readonly tunnels: readonly Tunnel[];
  readonly isDryRun: boolean;
  /** Before each further try with a hub that could not be told; none by hand. */
  readonly pausesMs?: readonly number[];
}

export async function restartTunnels({
  tunnels,
  isDryRun,
  pausesMs = [],
  ...around
}: Restart): Promise<readonly Told[]> {
  return Promise.all(
    planRestarts(tunnels, around).map(async (planned): Promise<Told> => {
      if (!isTelling(planned)) return { ...planned, outcome: 'skipped' };
      const { hostname, url, trust } = planned;
      const told = { hostname, url, ...((trust === false || url.startsWith('http:')) && { isUnverified: true }) };
      if (isDryRun) return { ...told, outcome: 'would be told' };
      const why = await tellAtLast(planned, pausesMs);
      return why === undefined ? { ...told, outcome: 'told' } : { ...told, outcome: 'failed', why };
    }),
  );
}

/** Hub by hub: who has heard it does not hear it again because another one is away. */
async function tellAtLast(telling: Telling, pausesMs: readonly number[]): Promise<string | undefined> {
  let why = await tell(telling);
  for (const pauseMs of pausesMs) {
    if (why === undefined) return undefined;
    await sleep(pauseMs);
    why = await tell(telling);
  }
  return why;
}

export function hasFailed(all: readonly Told[]): boolean {
  return all.some(({ outcome }) => outcome === 'skipped' || outcome === 'failed');
}
