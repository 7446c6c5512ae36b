// Decides how a set is from its anchor and its stages, and what has to happen to it next. Pure.
//
// | seen                                                          | next                                   |
// | ------------------------------------------------------------- | -------------------------------------- |
// | over or ended early, and a Job of it is not over              | end that one, perhaps once more        |
// | over                                                          | wait                                   |
// | ended early, and nothing of it runs any more                  | over: cancelled                        |
// | no stage ever began, longer than a submission may take        | over: failed, NeverReleased            |
// | no stage ever began                                           | wait: it is being made                 |
// | an attempt of a stage took too long, and another would follow | end that stage                         |
// | a stage was ended early, but something of it still runs       | end it once more                       |
// | a stage runs or waits                                         | wait                                   |
// | all before it are over, none failed or it runs always         | start it                               |
// | every stage is over or skipped                                | over: as the first one that failed     |
import { isEndedEarly, isTerminal, type EarlyEnd, type JobPhase, type JobReason } from '../jobs/jobState';
import type { JobSet, Stage } from './jobSet';
import { hasTimedOut, mustBeEnded, stageState, type SeenStage, type StageJob, type StageState } from './stageState';

export interface SetState {
  readonly phase: JobPhase;
  readonly reason?: JobReason | 'StageFailed' | 'StageTimeout' | undefined;
  readonly message: string;
  /** Of the first stage that failed. */
  readonly exitCode?: number | undefined;
  /** As jobs have it; a set is tried once. */
  readonly attempts: number;
  readonly isOver: boolean;
  readonly stages: readonly StageState[];
}

export type SetStep =
  | { readonly do: 'wait' }
  | { readonly do: 'start'; readonly stage: Stage }
  | { readonly do: 'end'; readonly stages: readonly string[]; readonly why: EarlyEnd }
  | { readonly do: 'finish'; readonly state: SetState };

/** By name of the stage; those that have no Job are not in it. */
export type StageJobs = ReadonlyMap<string, StageJob>;

export interface SeenSet {
  readonly set: JobSet;
  readonly jobs: StageJobs;
}

const WAIT: SetStep = { do: 'wait' };

export function nextStep(seen: SeenSet, submissionSeconds: number, now: Date): SetStep {
  const { set, jobs } = seen;
  const isClosed = set.end !== undefined || set.earlyEnd !== undefined;
  const running = isClosed ? runningOf(seen) : [];
  if (running.length > 0) return { do: 'end', stages: running, why: set.earlyEnd ?? 'cancelled' };
  const state = setState(seen);
  if (state.isOver) return set.end === undefined ? { do: 'finish', state } : WAIT;
  if (isClosed) return WAIT;
  if (jobs.size === 0 && set.ends.size === 0) return stepOfUnbegun(set, submissionSeconds, now);
  return stepUnderWay(seen, state);
}

function stepUnderWay({ set, jobs }: SeenSet, { stages }: SetState): SetStep {
  const late = [...jobs].filter(([name, job]) => !set.ends.has(name) && mustEnd(name, job)).map(([name]) => name);
  if (late.length > 0) return { do: 'end', stages: late, why: 'deadline exceeded' };
  const next = dueStage(set, stages);
  return next === undefined ? WAIT : { do: 'start', stage: next };
}

/** Ends that are not written down yet. */
export function newEnds({ set, jobs }: SeenSet): readonly StageState[] {
  return set.stages
    .filter(({ name }) => !set.ends.has(name))
    .flatMap(({ name }) => {
      const job = jobs.get(name);
      const { state, isOver } = job === undefined ? { isOver: false } : stageState(name, job);
      return isOver && state !== undefined ? [state] : [];
    });
}

/** As it is told: of what is over, what was written down at its end. */
export function setState(seen: SeenSet): SetState {
  const { set } = seen;
  if (set.end !== undefined) return set.end.state;
  const all = stagesOf(seen);
  const stages = all.map(({ state }) => state);
  const isOver = all.every((stage) => stage.isOver);
  if (set.earlyEnd !== undefined) return { ...CANCELLED, attempts: 1, isOver, stages };
  const failed = stages.find(hasFailed);
  if (isOver) return { ...endedAs(failed), attempts: 1, isOver, stages };
  return { ...underWay(stages, failed), attempts: 1, isOver, stages };
}

/** A request is at it, or was interrupted: nobody else knows the values of its secrets, to complete it. */
function stepOfUnbegun(set: JobSet, submissionSeconds: number, now: Date): SetStep {
  if (now.getTime() - Date.parse(set.createdAt) <= submissionSeconds * 1000) return WAIT;
  const stages = set.stages.map(({ name }) => skipped(name, 'The set was never complete.'));
  const message = 'The set was never complete: its submission was interrupted. Submit it under another name or key.';
  const state = { phase: 'failed', reason: 'NeverReleased', message, attempts: 1, isOver: true, stages } as const;
  return { do: 'finish', state };
}

/** In their order, each with whether it is still to be waited for. */
function stagesOf({ set, jobs }: SeenSet): readonly SeenStage[] {
  let isOpen = false;
  let failure: string | undefined;
  return set.stages.map(({ name, always }) => {
    const recorded = set.ends.get(name);
    const job = jobs.get(name);
    const begun = recorded === undefined ? job && stageState(name, job) : { state: recorded, isOver: true };
    const seen = begun ?? notBegun(name, { isCancelled: set.earlyEnd !== undefined, isOpen, always, failure });
    if (!seen.isOver) isOpen = true;
    if (seen.isOver && hasFailed(seen.state)) failure ??= name;
    return seen;
  });
}

interface Before {
  readonly isCancelled: boolean;
  /** One before it is not over. */
  readonly isOpen: boolean;
  readonly always: boolean;
  readonly failure: string | undefined;
}

function notBegun(name: string, { isCancelled, isOpen, always, failure }: Before): SeenStage {
  if (isCancelled) return { state: skipped(name, 'The set was cancelled.'), isOver: true };
  if (failure !== undefined && !always) {
    return { state: skipped(name, `Stage ${failure} has failed.`), isOver: true };
  }
  const message = isOpen ? 'The stages before it are not over.' : 'It is about to be started.';
  return { state: { name, phase: 'waiting', message }, isOver: false };
}

function skipped(name: string, message: string): StageState {
  return { name, phase: 'skipped', message };
}

/** The first one that waits, if all before it are over. */
function dueStage({ stages }: JobSet, states: readonly StageState[]): Stage | undefined {
  const next = states.find(({ phase }) => ['waiting', 'queued', 'starting', 'running'].includes(phase));
  return next?.phase === 'waiting' ? stages.find(({ name }) => name === next.name) : undefined;
}

/** What is over although Kubernetes has not said so needs no end: its Job gets there by itself. */
function runningOf({ set, jobs }: SeenSet): readonly string[] {
  return set.stages.map(({ name }) => name).filter((name) => isRunning(name, jobs.get(name)));
}

/** Or waits to: nothing has ended it, or that is not through yet. */
export function isRunning(name: string, stage: StageJob | undefined): boolean {
  return stage !== undefined && !isTerminal(stage.job) && !stageState(name, stage).isOver;
}

/** Whoever ended one may have been killed before its pods heard of it: it is ended once more. */
function mustEnd(name: string, stage: StageJob): boolean {
  return mustBeEnded(stage) || (isEndedEarly(stage.job) && isRunning(name, stage));
}

function hasFailed({ phase }: StageState): boolean {
  return phase === 'failed' || phase === 'cancelled';
}

type Told = Pick<SetState, 'phase' | 'reason' | 'message' | 'exitCode'>;

const CANCELLED: Told = { phase: 'cancelled', reason: 'Cancelled', message: 'The set was cancelled.' };

function endedAs(failed: StageState | undefined): Told {
  if (failed === undefined) return { phase: 'succeeded', message: 'All stages have succeeded.', exitCode: 0 };
  const { name, message, exitCode } = failed;
  if (hasTimedOut(failed)) {
    return { phase: 'failed', reason: 'StageTimeout', message: `Stage ${name} took too long.`, exitCode };
  }
  return { phase: 'failed', reason: 'StageFailed', message: `Stage ${name} has failed: ${message}`, exitCode };
}

function underWay(stages: readonly StageState[], failed: StageState | undefined): Told {
  const current = stages.find(({ phase }) => ['queued', 'starting', 'running'].includes(phase));
  const hasRun = stages.some(({ startedAt, phase }) => startedAt !== undefined || phase === 'succeeded');
  const phase = hasRun || failed !== undefined ? 'running' : phaseOf(current);
  const what =
    current === undefined ? 'The next stage is about to be started.' : `Stage ${current.name}: ${current.message}`;
  return { phase, message: failed === undefined ? what : `${what} Stage ${failed.name} has failed.` };
}

function phaseOf(current: StageState | undefined): JobPhase {
  return current?.phase === 'starting' || current?.phase === 'running' ? current.phase : 'queued';
}
