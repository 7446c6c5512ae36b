// Who tells a hub: whoever writes its claim onto the anchor first, until it is done or its time is up. Pure.
import { untold, type Progress } from '../../lib/services/progress';

export interface Claim {
  /** Of one call of this function. */
  readonly by: string;
  readonly now: Date;
}

/** Longer than a hub may take to answer: only of somebody who was killed a claim runs out. */
const CLAIM_MS = 10_000;

/** With the claim, where there is something to tell and nobody at it. */
export function claimed(progress: Progress, claim: Claim): Progress {
  const { telling } = progress;
  const isTaken = telling !== undefined && Date.parse(telling.until) > claim.now.getTime();
  return isTaken || untold(progress).length === 0 ? progress : { ...progress, telling: lasting(claim) };
}

/** After the event with this id; the claim goes with the last event. */
export function toldUpTo(progress: Progress, id: number, claim: Claim): Progress {
  const { telling, ...others } = progress;
  const told = { ...others, told: Math.max(progress.told, id) };
  if (telling?.by !== claim.by) return telling === undefined ? told : { ...told, telling };
  return untold(told).length === 0 ? told : { ...told, telling: lasting(claim) };
}

/** Without the claim: the next event or sweep tries again. */
export function released(progress: Progress, by: string): Progress {
  const { telling, ...others } = progress;
  return telling?.by === by ? others : progress;
}

function lasting({ by, now }: Claim): NonNullable<Progress['telling']> {
  return { by, until: new Date(now.getTime() + CLAIM_MS).toISOString() };
}
