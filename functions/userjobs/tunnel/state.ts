// What a tunnel tells of itself: one line of its log for each change, read by the function from the last line. Pure.
import type { FailureReason } from '../ssh/failure';
import type { JobSight } from '../slurm/sight';

/** `waiting`: for the job to run; `over`: it has ended, and nothing is kept open. */
export type TunnelPhase = 'connecting' | 'waiting' | 'open' | 'over';

export interface TunnelState {
  readonly phase: TunnelPhase;
  readonly reason?: FailureReason | 'JobPending' | 'JobEnded' | 'JobNotAllowed' | 'NodeNotAllowed';
  readonly message: string;
  readonly job?: JobSight;
}

export const STATE_MESSAGE = 'tunnel state';

/** From the last line of its log; undefined when that tells none. */
export function readTunnelState(log: string | undefined): TunnelState | undefined {
  const line = log?.trimEnd().split('\n').at(-1);
  if (line === undefined || !line.includes(STATE_MESSAGE)) return undefined;
  try {
    const { message, state } = JSON.parse(line) as { readonly message?: unknown; readonly state?: TunnelState };
    return message === STATE_MESSAGE ? state : undefined;
  } catch {
    return undefined;
  }
}

export function isSameState(one: TunnelState | undefined, other: TunnelState): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
