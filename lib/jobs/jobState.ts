// Decides the state of a job from the Job and its pods. Pure.
//
// | seen                                                     | phase     | reason                                          |
// | -------------------------------------------------------- | --------- | ----------------------------------------------- |
// | condition Complete                                       | succeeded | -                                               |
// | ended early by its owner                                 | cancelled | Cancelled                                       |
// | ended early by a sweep                                   | failed    | what the annotation says                        |
// | condition Failed, or its outcome told by FailureTarget   | failed    | of the last attempt, or of the Job              |
// | a container of a pod runs                                | running   | Evicted, while it is taken from its node        |
// | a pod is on a node                                       | starting  | what keeps it, from the diagnosis of pods       |
// | no pod, or one without a node, or another attempt is due | queued    | the same                                        |
//
// Counters are no verdict: a failed pod may be followed by another attempt. https://kep.k8s.io/3998
import { ANNOTATIONS } from '../labels';
import type { Condition, Pod, Terminated } from '../status/observed';
import { excerpt } from '../status/verdict';
import { hasEnded, inOrder, statusesOf, wasDisrupted } from './attempts';
import type { ObservedJob } from './observedJob';

export const JOB_PHASES = ['queued', 'starting', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type JobPhase = (typeof JOB_PHASES)[number];

/** Why a job was ended before its time; the value of an annotation. */
export type EarlyEnd = 'cancelled' | 'deadline exceeded' | 'never released' | 'node lost' | 'waited too long';

export type JobReason =
  | 'Cancelled'
  | 'CannotStart'
  | 'DeadlineExceeded'
  | 'Evicted'
  | 'Exited'
  | 'JobFailed'
  | 'NeverReleased'
  | 'NodeLost'
  | 'OutOfMemory'
  | 'WaitedTooLong';

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
  const attempts = pods.length;
  const last = inOrder(pods).at(-1);
  const isOver = isTerminal(job) || (isEndedEarly(job) && pods.every(hasEnded));
  if (holds(job, 'Complete')) return { phase: 'succeeded', message: 'The job has succeeded.', attempts, isOver };
  const early = earlyEnd(job);
  if (early) return { ...early, attempts, isOver };
  const failure = holds(job, 'Failed') ?? holds(job, 'FailureTarget');
  if (failure) return { ...failed(failure, last), attempts, isOver };
  return { ...underWay(job, pods), attempts, isOver: false };
}

type Told = Pick<JobState, 'phase' | 'reason' | 'message' | 'exitCode'>;

/** Nothing of it runs any more, and nothing will: https://kep.k8s.io/4368 */
export function isTerminal(job: ObservedJob): boolean {
  return holds(job, 'Complete') !== undefined || holds(job, 'Failed') !== undefined;
}

/** By its owner, or by a sweep; what runs of it is on its way out. */
export function isEndedEarly({ metadata }: ObservedJob): boolean {
  return metadata?.annotations?.[ANNOTATIONS.earlyEnd] !== undefined;
}

/** Nothing of it ever ran: its submission was not completed in time. */
export function wasGivenUp({ metadata }: ObservedJob): boolean {
  return metadata?.annotations?.[ANNOTATIONS.earlyEnd] === ('never released' satisfies EarlyEnd);
}

const EARLY_ENDS: Readonly<Record<EarlyEnd, Told>> = {
  cancelled: { phase: 'cancelled', reason: 'Cancelled', message: 'The job was cancelled.' },
  'deadline exceeded': { phase: 'failed', reason: 'DeadlineExceeded', message: 'The job ran longer than it may.' },
  'never released': {
    phase: 'failed',
    reason: 'NeverReleased',
    message: 'The job was never complete: its submission was interrupted. Submit it under another name or key.',
  },
  'node lost': {
    phase: 'failed',
    reason: 'NodeLost',
    message: 'The node that the job ran on did not tell its end for too long.',
  },
  'waited too long': {
    phase: 'failed',
    reason: 'WaitedTooLong',
    message: 'The job could not be started within its waiting limit.',
  },
};

function earlyEnd({ metadata }: ObservedJob): Told | undefined {
  const why = metadata?.annotations?.[ANNOTATIONS.earlyEnd];
  if (why === undefined) return undefined;
  return Object.hasOwn(EARLY_ENDS, why) ? EARLY_ENDS[why as EarlyEnd] : EARLY_ENDS.cancelled;
}

function underWay(job: ObservedJob, pods: readonly Pod[]): Told {
  const pod = inOrder(pods).findLast((each) => !hasEnded(each));
  if (pod === undefined && pods.length > 0) return betweenAttempts(job, pods);
  if (pod?.spec?.nodeName === undefined) return { phase: 'queued', message: 'The job waits for a node.' };
  if (pod.status?.phase === 'Running') return whileRunning(pod);
  return { phase: 'starting', message: 'The job is being started on a node.' };
}

/** Kubernetes replaces a pod that a node lost when the node tells its end, or is no more: until then nothing else runs. */
function whileRunning(pod: Pod): Told {
  const disruption = pod.metadata?.deletionTimestamp === undefined ? undefined : holds(pod, 'DisruptionTarget');
  if (disruption === undefined) return { phase: 'running', message: 'The job is running.' };
  const detail = `The job is taken from its node, and begins again when that has told its end. ${excerpt(disruption.message)}`;
  return { phase: 'running', reason: 'Evicted', message: detail.trim() };
}

/** The Job controller takes its time to say that the last attempt was the last one. What its node lost was no attempt of the user's. */
function betweenAttempts({ spec }: ObservedJob, pods: readonly Pod[]): Told {
  const failures = pods.filter((pod) => pod.status?.phase === 'Failed' && !holds(pod, 'DisruptionTarget')).length;
  const isNextDue = !pods.some(({ status }) => status?.phase === 'Succeeded') && failures <= (spec?.backoffLimit ?? 0);
  if (isNextDue) return { phase: 'queued', message: nextOne(inOrder(pods).at(-1)) };
  return { phase: 'running', message: 'The job is ending.' };
}

/** What a job waits for after this attempt. */
export function nextOne(last: Pod | undefined): string {
  return last !== undefined && wasDisrupted(last)
    ? 'The job was taken from its node; another attempt follows.'
    : 'An attempt has failed; the next one follows.';
}

function failed(condition: Condition, last: Pod | undefined): Told {
  const { reason: why, message } = condition;
  if (why === 'DeadlineExceeded' || last?.status?.reason === 'DeadlineExceeded') return EARLY_ENDS['deadline exceeded'];
  const end = endOf(last);
  const taken = takenFromNode(last, end);
  if (taken !== undefined) return { phase: 'failed', reason: 'Evicted', message: taken };
  return end === undefined ? { phase: 'failed', reason: 'JobFailed', message: excerpt(message) } : exited(end);
}

/** By the node itself, which may also refuse what was given to it, or by somebody who takes the node away. */
function takenFromNode(pod: Pod | undefined, end: Terminated | undefined): string | undefined {
  const { reason, message = '' } = pod?.status ?? {};
  if (reason === 'Evicted') return `Its node had no room for it any more. ${excerpt(message)}`.trim();
  const isRefused = reason !== undefined && end === undefined;
  if (pod === undefined || !(isRefused || wasDisrupted(pod))) return undefined;
  return `Its node did not keep it (${reason ?? 'disruption'}). ${excerpt(message)}`.trim();
}

/** What the runtime says of a container that it could not start: https://github.com/containerd/containerd */
const NO_START = new Set(['StartError', 'ContainerCannotRun']);

/** By SIGKILL. Runtimes do not always hear in time that it was for want of memory: https://github.com/containerd/containerd/issues/12372 */
const KILLED = 137;

function exited({ exitCode, reason = '', message }: Terminated): Told {
  if (reason === 'OOMKilled') {
    return { phase: 'failed', reason: 'OutOfMemory', message: 'The job used more memory than it may.', exitCode };
  }
  if (NO_START.has(reason)) {
    const detail = `The command could not be started: ${excerpt(message)}`;
    return { phase: 'failed', reason: 'CannotStart', message: detail.trim(), exitCode };
  }
  const why = exitCode === KILLED ? ': it was killed, perhaps because it used more memory than it may' : '';
  return {
    phase: 'failed',
    reason: 'Exited',
    message: `The command ended with exit code ${exitCode}${why}.`,
    exitCode,
  };
}

/** How the container of an attempt ended that did so with a failure. */
export function endOf(pod: Pod | undefined): (Terminated & { readonly container: string }) | undefined {
  const ended = statusesOf(pod ?? {}).find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
  return ended?.state?.terminated && { ...ended.state.terminated, container: ended.name };
}

/** The condition of a pod or a Job, while it is true. */
export function holds({ status }: Pick<Pod, 'status'> | ObservedJob, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}
