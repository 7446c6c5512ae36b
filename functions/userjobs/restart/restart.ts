// Tells all connected hubs, each once, to open their tunnels anew; one that cannot be told keeps nobody else from hearing it.
import type { Tunnel } from '../../../lib/config/tunnels';
import { isTelling, planRestarts, type Surroundings } from './plan';
import { tell } from './tell';

export interface Told {
  readonly hostname: string;
  /** Absent for what is skipped. */
  readonly url?: string;
  readonly outcome: 'told' | 'would be told' | 'skipped' | 'failed';
  readonly why?: string;
  /** Its certificate was not looked at. */
  readonly isUnverified?: boolean;
}

export interface Restart extends Surroundings {
  readonly tunnels: readonly Tunnel[];
  readonly isDryRun: boolean;
}

export async function restartTunnels({ tunnels, isDryRun, ...around }: Restart): Promise<readonly Told[]> {
  return Promise.all(
    planRestarts(tunnels, around).map(async (planned): Promise<Told> => {
      if (!isTelling(planned)) return { ...planned, outcome: 'skipped' };
      const { hostname, url, trust } = planned;
      const told = { hostname, url, ...(trust === false && { isUnverified: true }) };
      if (isDryRun) return { ...told, outcome: 'would be told' };
      const why = await tell(planned);
      return why === undefined ? { ...told, outcome: 'told' } : { ...told, outcome: 'failed', why };
    }),
  );
}

export function hasFailed(all: readonly Told[]): boolean {
  return all.some(({ outcome }) => outcome === 'skipped' || outcome === 'failed');
}
