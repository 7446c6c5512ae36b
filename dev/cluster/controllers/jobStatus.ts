// A Job's status after a plan: counts, times, and the conditions on the way to Complete or Failed.
import { isTrue, withCondition } from './conditions';
import type { JobPlan, Outcome } from './jobPlan';
import { isActive, isFinished, isReady } from './podState';
import type { Job, Pod } from './wire';
import { timestamp } from '../timestamp';

type Status = NonNullable<Job['status']>;
type JobCondition = NonNullable<Status['conditions']>[number];

interface Observed {
  readonly pods: readonly Pod[];
  readonly now: Date;
}

export function jobStatus(job: Job, plan: JobPlan, observed: Observed): Status {
  const active = observed.pods.filter(isActive);
  const terminating = observed.pods.filter((pod) => !isActive(pod) && !isFinished(pod)).length;
  const isOver = plan.outcome !== undefined && active.length + terminating === 0;
  const conditions = conditionsOf(job, isOver ? [plan.outcome, finalOf(plan.outcome)] : [plan.outcome], observed.now);
  return {
    ...job.status,
    active: active.length || undefined,
    ready: active.filter(isReady).length,
    terminating,
    succeeded: plan.succeeded || undefined,
    failed: plan.failed || undefined,
    ...times(job, conditions, observed.now),
    uncountedTerminatedPods: {},
    conditions: conditions.length === 0 ? undefined : conditions,
  };
}

function times({ spec, status }: Job, conditions: readonly JobCondition[], now: Date): Status {
  const isStarted = spec.suspend !== true || isTrue(conditions, 'FailureTarget');
  return {
    startTime: isStarted ? (status?.startTime ?? timestamp(now)) : undefined,
    completionTime: isTrue(conditions, 'Complete') ? (status?.completionTime ?? timestamp(now)) : undefined,
  };
}

export function isJobFinished({ status }: Job): boolean {
  return isTrue(status?.conditions, 'Complete') || isTrue(status?.conditions, 'Failed');
}

/** When a Job came to its end, whichever it was. */
export function finishTime({ status }: Job): number {
  const end = status?.conditions?.find(({ type, status: state }) => isFinal(type) && state === 'True');
  return Date.parse(end?.lastTransitionTime ?? '');
}

function isFinal(type: string): boolean {
  return type === 'Complete' || type === 'Failed';
}

type Reached = Omit<Outcome, 'type'> & { readonly type: string };

function finalOf(outcome: Outcome): Reached {
  return { ...outcome, type: outcome.type === 'FailureTarget' ? 'Failed' : 'Complete' };
}

function conditionsOf(job: Job, reached: readonly (Reached | undefined)[], now: Date): readonly JobCondition[] {
  let conditions: readonly JobCondition[] = withSuspension(job, now);
  for (const outcome of reached) {
    if (outcome === undefined) continue;
    const condition = { ...outcome, status: 'True', lastProbeTime: timestamp(now) };
    conditions = isTrue(conditions, outcome.type) ? conditions : withCondition(conditions, condition, timestamp(now));
  }
  return conditions;
}

function withSuspension({ spec, status }: Job, now: Date): readonly JobCondition[] {
  const before = status?.conditions ?? [];
  const isSuspended = spec.suspend === true;
  if (isSuspended === isTrue(before, 'Suspended')) return before;
  const [state, reason, message] = isSuspended
    ? ['True', 'JobSuspended', 'Job suspended']
    : ['False', 'JobResumed', 'Job resumed'];
  return withCondition(before, { type: 'Suspended', status: state, reason, message }, timestamp(now));
}
