// What a set has gone through, told from its state alone: the same events with the same ids on every instance. Pure.
import type { SetState } from '../../../lib/jobSets/setState';
import type { Position } from '../events/history';
import type { ToldSet, ToldStage } from './readSetState';

export interface SetEvent extends Pick<ToldSet, 'exitCode' | 'message' | 'lastLines'> {
  /** Its `attempt` is the number of the stage, from 1 on; the end of the set comes behind the last one. */
  readonly position: Position;
  /** Absent of the set itself. */
  readonly stage?: string;
  readonly phase: ToldStage['phase'];
  readonly reason?: ToldSet['reason'] | ToldStage['reason'];
  /** ISO time; absent where nobody keeps one. */
  readonly at?: string | undefined;
}

const RANKS: Readonly<Record<Exclude<ToldStage['phase'], 'waiting'>, number>> = {
  queued: 0,
  starting: 1,
  running: 2,
  succeeded: 3,
  failed: 3,
  cancelled: 3,
  skipped: 3,
};
const OVER = 3;
/** Behind it nothing comes. */
export const END_OF_SET = 4;

/** Oldest first. Waiting for the stages before is no news. */
export function historyOfSet(state: ToldSet): readonly SetEvent[] {
  const stages = state.stages.flatMap(eventsOf);
  return RANKS[state.phase] === OVER ? [...stages, endOfSet(state)] : stages;
}

/** Of one that was reaped, too. */
export function endOfSet({ stages, phase, reason, message, exitCode, lastLines }: EndedSet): SetEvent {
  const at = stages.findLast(({ endedAt }) => endedAt !== undefined)?.endedAt;
  const position = { attempt: stages.length + 1, rank: END_OF_SET };
  return { position, phase, reason, message, exitCode, at, ...(lastLines && { lastLines }) };
}

type EndedSet = Pick<ToldSet, 'message' | 'exitCode' | 'stages' | 'lastLines'> &
  Pick<SetState, 'phase'> & { readonly reason?: SetEvent['reason'] };

function eventsOf({ name: stage, ...state }: ToldStage, index: number): readonly SetEvent[] {
  const { phase, reason, message, exitCode, startedAt, endedAt } = state;
  if (phase === 'waiting') return [];
  const attempt = index + 1;
  const rank = RANKS[phase];
  const began: readonly SetEvent[] =
    startedAt === undefined || rank < OVER
      ? []
      : [
          {
            position: { attempt, rank: RANKS.running },
            stage,
            phase: 'running',
            message: 'The job is running.',
            at: startedAt,
          },
        ];
  const position = { attempt, rank, trouble: rank === OVER ? undefined : reason };
  const at = rank === OVER ? endedAt : rank === RANKS.running ? startedAt : undefined;
  return [...began, { position, stage, phase, reason, message, exitCode, at }];
}
