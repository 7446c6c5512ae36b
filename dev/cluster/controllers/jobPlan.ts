// What a Job needs next, from its pods and the time: pods to create or end, how it counts, whether it is over and why.
import { conditionOf, isTrue } from './conditions';
import { isActive, isFinished } from './podState';
import { judgeFailedPod } from './podFailurePolicy';
import type { Job, Pod } from './wire';

/** Held by a pod until its end is counted, so that a deleted pod is not forgotten. */
export const TRACKING_FINALIZER = 'batch.kubernetes.io/job-tracking';

export interface Outcome {
  readonly type: 'SuccessCriteriaMet' | 'FailureTarget';
  readonly reason: string;
  readonly message: string;
}

export interface JobPlan {
  readonly succeeded: number;
  readonly failed: number;
  /** Pods whose end is counted now. */
  readonly counted: readonly Pod[];
  readonly outcome: Outcome | undefined;
  readonly create: number;
  readonly remove: readonly Pod[];
  /** Milliseconds after which the plan may differ without any change. */
  readonly againMs: number | undefined;
}

export interface Observed {
  readonly pods: readonly Pod[];
  readonly now: Date;
  readonly backOffBaseMs: number;
}

const LONGEST_BACK_OFF_FACTOR = 60;

export function planJob(job: Job, observed: Observed): JobPlan {
  const counts = countEnds(job, observed.pods);
  const active = observed.pods.filter(isActive);
  const outcome = outcomeOf(job, counts, observed);
  const { succeeded, failed, counted } = counts;
  const base = { succeeded, failed, counted, outcome, create: 0 };
  if (outcome !== undefined || job.spec.suspend === true) return { ...base, remove: active, againMs: undefined };
  const missing = wanted(job, succeeded, active.length) - active.length - awaited(job, observed.pods);
  if (missing <= 0)
    return {
      ...base,
      remove: active.slice(wanted(job, succeeded, active.length)),
      againMs: msToDeadline(job, observed),
    };
  const delayMs = backOffMs(observed);
  if (delayMs > 0) return { ...base, remove: [], againMs: Math.min(delayMs, msToDeadline(job, observed) ?? delayMs) };
  return { ...base, create: missing, remove: [], againMs: msToDeadline(job, observed) };
}

interface Counts {
  readonly succeeded: number;
  readonly failed: number;
  readonly counted: readonly Pod[];
  /** Why the podFailurePolicy fails the whole Job. */
  readonly fatal: string | undefined;
}

function countEnds(job: Job, pods: readonly Pod[]): Counts {
  const counted = pods.filter((pod) => pod.metadata.finalizers?.includes(TRACKING_FINALIZER) && hasEnded(job, pod));
  const successes = counted.filter((pod) => pod.status?.phase === 'Succeeded').length;
  const verdicts = counted.filter((pod) => pod.status?.phase !== 'Succeeded').map((pod) => judgeFailedPod(job, pod));
  const failures = verdicts.filter(({ action }) => action !== 'Ignore').length;
  return {
    succeeded: (job.status?.succeeded ?? 0) + successes,
    failed: (job.status?.failed ?? 0) + failures,
    counted,
    fatal: verdicts.find(({ action }) => action === 'FailJob')?.message,
  };
}

/** Without a policy about failures, a pod under deletion has already failed. */
function hasEnded(job: Job, pod: Pod): boolean {
  if (isFinished(pod)) return true;
  const isDeleted = pod.metadata.deletionTimestamp !== undefined;
  return isDeleted && (!waitsForEnds(job) || pod.spec.nodeName === undefined);
}

function waitsForEnds({ spec }: Job): boolean {
  return spec.podReplacementPolicy === 'Failed' || spec.podFailurePolicy !== undefined;
}

/** Pods whose end must be known before they are replaced. */
function awaited(job: Job, pods: readonly Pod[]): number {
  return waitsForEnds(job) ? pods.filter((pod) => !isActive(pod) && !hasEnded(job, pod)).length : 0;
}

function outcomeOf(job: Job, counts: Counts, { pods, now }: Observed): Outcome | undefined {
  const decided = decidedOutcome(job);
  if (decided !== undefined) return decided;
  if (counts.fatal !== undefined) return failure('PodFailurePolicy', counts.fatal);
  if (counts.failed > (job.spec.backoffLimit ?? 6) || restartsExceedLimit(job, pods)) {
    return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  }
  if (isPastDeadline(job, now)) {
    return failure('DeadlineExceeded', 'Job was active longer than specified deadline');
  }
  return isSuccessful(job, counts.succeeded, pods) ? success() : undefined;
}

/** Once decided, an outcome never changes. */
function decidedOutcome({ status }: Job): Outcome | undefined {
  for (const type of ['FailureTarget', 'SuccessCriteriaMet'] as const) {
    const condition = conditionOf(status?.conditions, type);
    if (condition?.status === 'True') {
      return { type, reason: condition.reason ?? '', message: condition.message ?? '' };
    }
  }
  return undefined;
}

function failure(reason: string, message: string): Outcome {
  return { type: 'FailureTarget', reason, message };
}

function success(): Outcome {
  const message = 'Reached expected number of succeeded pods';
  return { type: 'SuccessCriteriaMet', reason: 'CompletionsReached', message };
}

function isSuccessful({ spec }: Job, succeeded: number, pods: readonly Pod[]): boolean {
  if (spec.completions !== undefined) return succeeded >= spec.completions;
  if ((spec.parallelism ?? 1) === 1) return succeeded >= 1;
  return succeeded > 0 && !pods.some(isActive);
}

/** With restartPolicy OnFailure the kubelet tries again by itself: its restarts are the failures. */
function restartsExceedLimit({ spec }: Job, pods: readonly Pod[]): boolean {
  if (spec.template.spec?.restartPolicy !== 'OnFailure') return false;
  const limit = spec.backoffLimit ?? 6;
  const restarts = pods
    .filter(isActive)
    .flatMap(({ status }) => [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])])
    .reduce((total, { restartCount }) => total + restartCount, 0);
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

function isPastDeadline(job: Job, now: Date): boolean {
  const left = msToDeadline(job, { now });
  return job.spec.suspend !== true && left !== undefined && left <= 0;
}

function msToDeadline({ spec, status }: Job, { now }: Pick<Observed, 'now'>): number | undefined {
  if (spec.activeDeadlineSeconds === undefined || status?.startTime === undefined) return undefined;
  return Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000 - now.getTime();
}

/** How many pods should be there at once. */
function wanted({ spec }: Job, succeeded: number, active: number): number {
  const parallelism = spec.parallelism ?? 1;
  if (spec.completions !== undefined) return Math.min(parallelism, spec.completions - succeeded);
  return succeeded > 0 ? Math.min(active, parallelism) : parallelism;
}

/** Doubles with each failure since the last success. */
function backOffMs({ pods, now, backOffBaseMs }: Observed): number {
  const ends = pods.filter((pod) => isFinished(pod) && !isTrue(pod.status?.conditions, 'DisruptionTarget'));
  const endsOf = (phase: string): number[] => ends.filter(({ status }) => status?.phase === phase).map(endOf);
  const lastSuccess = Math.max(0, ...endsOf('Succeeded'));
  const failures = endsOf('Failed').filter((end) => end > lastSuccess);
  if (failures.length === 0) return 0;
  const delay = backOffBaseMs * Math.min(2 ** (failures.length - 1), LONGEST_BACK_OFF_FACTOR);
  return Math.max(0, Math.max(...failures) + delay - now.getTime());
}

function endOf({ metadata, status }: Pod): number {
  const ends = (status?.containerStatuses ?? []).map(({ state }) => Date.parse(state?.terminated?.finishedAt ?? ''));
  return Math.max(Date.parse(metadata.creationTimestamp), ...ends.filter((end) => !Number.isNaN(end)));
}
