// Decides how one stage of a set is, from its Job and pods, without waiting for what the Job controller will say of them. Pure.
//
// | seen                                                      | counts as                          |
// | --------------------------------------------------------- | ---------------------------------- |
// | a pod has succeeded                                       | condition Complete, told already   |
// | pods have failed, and no attempt is left                  | condition Failed, told already     |
// | ended early, and nothing of it runs or it is suspended    | over, as the annotation says       |
// | everything else                                           | as lib/jobs/jobState.ts says       |
//
// The controller takes a second more for each of these, and the next stage would wait for it.
import { hasEnded, inOrder, statusesOf, wasDisrupted } from '../jobs/attempts';
import { isEndedEarly, isTerminal, jobState, type JobPhase, type JobReason } from '../jobs/jobState';
import type { ObservedJob } from '../jobs/observedJob';
import type { Condition, Pod } from '../status/observed';

export type StagePhase = 'waiting' | 'skipped' | JobPhase;

export interface StageState {
  readonly name: string;
  readonly phase: StagePhase;
  readonly reason?: JobReason | 'StartRefused' | undefined;
  readonly message: string;
  readonly exitCode?: number | undefined;
  /** ISO times: of the first attempt's start, and of the last one's end. */
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
}

export interface StageJob {
  readonly job: ObservedJob;
  readonly pods: readonly Pod[];
}

/** What `timeout` of coreutils says. */
const TIMEOUT = 124;

export interface SeenStage {
  readonly state: StageState;
  /** Nothing of it runs any more, and this is how it ended. */
  readonly isOver: boolean;
}

export function stageState(name: string, { job, pods }: StageJob): SeenStage {
  const { phase, reason, message, exitCode, isOver } = jobState(foretold(job, pods), pods);
  const isGivenUp = isEndedEarly(job) && job.spec?.suspend === true;
  const state = {
    name,
    phase,
    reason,
    message,
    exitCode: phase === 'succeeded' ? 0 : exitCode,
    startedAt: startOf(pods),
    endedAt: isOver || isGivenUp ? endOf(job, pods) : undefined,
  };
  return { state, isOver: isOver || isGivenUp };
}

export function hasTimedOut({ phase, reason, exitCode }: StageState): boolean {
  return phase === 'failed' && (reason === 'DeadlineExceeded' || exitCode === TIMEOUT);
}

/** An attempt took too long, and Kubernetes would try once more: whoever decides ends the Job instead. */
export function mustBeEnded({ job, pods }: StageJob): boolean {
  const last = inOrder(pods).findLast(hasEnded);
  const isDecided = isTerminal(job) || isEndedEarly(job) || foretold(job, pods) !== job;
  return !isDecided && last?.status?.reason === 'DeadlineExceeded';
}

function foretold(job: ObservedJob, pods: readonly Pod[]): ObservedJob {
  if (isTerminal(job)) return job;
  if (pods.some(({ status }) => status?.phase === 'Succeeded')) return withCondition(job, 'Complete');
  if (isEndedEarly(job) || !pods.every(hasEnded)) return job;
  const seen = pods.filter((pod) => pod.status?.phase === 'Failed' && !wasDisrupted(pod)).length;
  const failures = Math.max(seen, job.status?.failed ?? 0);
  return failures > (job.spec?.backoffLimit ?? 0) ? withCondition(job, 'Failed') : job;
}

function withCondition(job: ObservedJob, type: string): ObservedJob {
  const told: Condition = { type, status: 'True' };
  return { ...job, status: { ...job.status, conditions: [...(job.status?.conditions ?? []), told] } };
}

function startOf(pods: readonly Pod[]): string | undefined {
  const states = inOrder(pods).flatMap(statusesOf);
  const started = states.map(({ state }) => state?.running?.startedAt ?? state?.terminated?.startedAt);
  return started.find((time) => typeof time === 'string') ?? undefined;
}

/** Of what never ran, the time at which its Job was given up. */
function endOf({ status, metadata }: ObservedJob, pods: readonly Pod[]): string | undefined {
  const ends = inOrder(pods)
    .flatMap(statusesOf)
    .map(({ state }) => state?.terminated?.finishedAt);
  const told = status?.conditions?.findLast(({ status: holds }) => holds === 'True')?.lastTransitionTime;
  return ends.findLast((time) => typeof time === 'string') ?? told ?? metadata?.creationTimestamp;
}
