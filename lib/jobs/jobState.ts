// Decides the state of a job from the Job and its pods. Pure.
//
// | seen                                                     | phase     | reason                                          |
// | -------------------------------------------------------- | --------- | ----------------------------------------------- |
// | condition Complete                                       | succeeded | -                                               |
// | condition Failed, or its outcome told by FailureTarget   | failed    | of the last attempt, or of the Job              |
// | cancelled by its owner                                   | cancelled | Cancelled                                       |
// | a container of a pod runs                                | running   | -                                               |
// | a pod is on a node                                       | starting  | what keeps it, from the diagnosis of pods       |
// | no pod, or one without a node                            | queued    | the same                                        |
//
// Counters are no verdict: a failed pod may be followed by another attempt. https://kep.k8s.io/3998
import { ANNOTATIONS } from '../labels';
import type { Condition, Pod, Terminated } from '../status/observed';
import { excerpt } from '../status/verdict';
import type { ObservedJob } from './observedJob';

export type JobPhase = 'queued' | 'starting' | 'running' | 'succeeded' | 'failed' | 'cancelled';

export type JobReason =
  'Cancelled' | 'DeadlineExceeded' | 'Evicted' | 'Exited' | 'JobFailed' | 'OutOfMemory' | 'WaitedTooLong';

export interface JobState {
  readonly phase: JobPhase;
  readonly reason?: JobReason;
  readonly message: string;
  /** Of the last attempt that ended. */
  readonly exitCode?: number;
  /** Attempts that have a pod, this one included. */
  readonly attempts: number;
  /** Nothing of it runs any more, so that it may be removed. */
  readonly isOver: boolean;
}

export function jobState(job: ObservedJob, pods: readonly Pod[]): JobState {
  const inOrder = pods.toSorted((a, b) => createdAt(a).localeCompare(createdAt(b)));
  const attempts = inOrder.length;
  if (isCancelled(job)) return { ...cancelled(job), attempts, isOver: inOrder.every(hasEnded) };
  if (holds(job, 'Complete')) return { phase: 'succeeded', message: 'The job has succeeded.', attempts, isOver: true };
  const failure = holds(job, 'Failed') ?? holds(job, 'FailureTarget');
  if (failure) return { ...failed(failure, inOrder.at(-1)), attempts, isOver: holds(job, 'Failed') !== undefined };
  return { ...underWay(inOrder.findLast((pod) => !hasEnded(pod))), attempts, isOver: false };
}

type Told = Pick<JobState, 'phase' | 'reason' | 'message' | 'exitCode'>;

export function isCancelled({ metadata }: ObservedJob): boolean {
  return metadata?.annotations?.[ANNOTATIONS.cancelled] !== undefined;
}

function cancelled({ metadata }: ObservedJob): Told {
  const why = metadata?.annotations?.[ANNOTATIONS.cancelled];
  if (why !== WAITED_TOO_LONG) return { phase: 'cancelled', reason: 'Cancelled', message: 'The job was cancelled.' };
  return {
    phase: 'failed',
    reason: 'WaitedTooLong',
    message: 'No node had room for the job within its waiting limit.',
  };
}

/** Value of the annotation when nobody but a sweep ended the job. */
export const WAITED_TOO_LONG = 'waited too long';

function underWay(pod: Pod | undefined): Told {
  if (pod?.spec?.nodeName === undefined) return { phase: 'queued', message: 'The job waits for a node.' };
  if (pod.status?.phase === 'Running') return { phase: 'running', message: 'The job is running.' };
  return { phase: 'starting', message: 'The job is being started on a node.' };
}

function failed(condition: Condition, last: Pod | undefined): Told {
  const { reason: why, message } = condition;
  if (why === 'DeadlineExceeded' || last?.status?.reason === 'DeadlineExceeded') {
    return { phase: 'failed', reason: 'DeadlineExceeded', message: 'The job ran longer than it may.' };
  }
  if (last?.status?.reason === 'Evicted') {
    const detail = excerpt(last.status.message);
    return { phase: 'failed', reason: 'Evicted', message: `Its node had no room for it any more. ${detail}`.trim() };
  }
  const end = endOf(last);
  return end === undefined ? { phase: 'failed', reason: 'JobFailed', message: excerpt(message) } : exited(end);
}

function exited({ exitCode, reason }: Terminated): Told {
  const isMemory = reason === 'OOMKilled';
  return {
    phase: 'failed',
    reason: isMemory ? 'OutOfMemory' : 'Exited',
    message: isMemory ? 'The job used more memory than it may.' : `The command ended with exit code ${exitCode}.`,
    exitCode,
  };
}

/** Of the container that ended with a failure. */
function endOf(pod: Pod | undefined): Terminated | undefined {
  const statuses = [...(pod?.status?.initContainerStatuses ?? []), ...(pod?.status?.containerStatuses ?? [])];
  return statuses.map(({ state }) => state?.terminated).find((end) => end !== undefined && end.exitCode !== 0);
}

function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

function holds({ status }: ObservedJob, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

function createdAt({ metadata }: Pod): string {
  return metadata?.creationTimestamp ?? '';
}
