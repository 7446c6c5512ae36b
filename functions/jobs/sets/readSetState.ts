// How a set is, with what a person asks next: what its stage waits for, and the last lines of the one that failed.
import { setState, type SetState } from '../../../lib/jobSets/setState';
import type { StageState } from '../../../lib/jobSets/stageState';
import type { Call } from '../../../lib/kube/kube';
import type { Context } from '../context';
import { lastLines, readState, type ToldState } from '../state/readState';
import type { Looked } from './look';

export interface ToldStage extends Omit<StageState, 'reason'> {
  readonly reason?: StageState['reason'] | ToldState['reason'];
}

/** As it is told: in `GET /jobs/{id}` and by its events. */
export interface ToldSet extends Omit<SetState, 'reason' | 'isOver' | 'stages'> {
  readonly reason?: SetState['reason'] | ToldState['reason'];
  readonly stages: readonly ToldStage[];
  readonly lastLines?: readonly string[];
}

/** No API request while all goes well. */
export async function readSetState(context: Context, { set, jobs }: Looked, call: Call): Promise<ToldSet> {
  const { isOver: _over, ...state } = setState({ set, jobs });
  if (state.phase === 'failed') {
    const failed = state.stages.find(({ phase }) => phase === 'failed')?.name ?? '';
    return { ...state, ...(await lastLines(context, jobs.get(failed)?.pods ?? [], call)) };
  }
  const waiting = state.stages.find(({ phase }) => phase === 'queued' || phase === 'starting');
  const stage = waiting && jobs.get(waiting.name);
  if (stage === undefined) return state;
  const { reason, message } = await readState(context, stage, call);
  if (reason === undefined) return state;
  const stages = state.stages.map((each) => (each === waiting ? { ...each, reason, message } : each));
  return { ...state, reason, message: `Stage ${waiting?.name}: ${message}`, stages };
}
