// Decides what has to happen to one job next. Pure.
//
// | seen                                                               | next                       |
// | ------------------------------------------------------------------ | -------------------------- |
// | under deletion                                                     | nothing                    |
// | captured, and not changed since                                    | reap, when the policy says |
// | ended early and suspended, but Kubernetes did not say so yet       | nothing                    |
// | terminal or ended early and suspended, captured                    | reap, when the policy says |
// | the same, not captured, nothing of it runs any more                | capture                    |
// | ended early, but something may still run                           | end, once more             |
// | its node does not tell its end, by the hard deadline               | end: node lost             |
// | suspended since its creation, longer than a submission may take    | end: never released        |
// | an attempt took too long, and another one may follow               | end: deadline exceeded     |
// | no node was found for it within its waiting limit                  | end: waited too long       |
import { hasEnded, inOrder } from '../../../lib/jobs/attempts';
import { holds, isEndedEarly, isTerminal, type EarlyEnd } from '../../../lib/jobs/jobState';
import type { ObservedJob } from '../../../lib/jobs/observedJob';
import type { KubeObject } from '../../../lib/kube/objects';
import { ANNOTATIONS } from '../../../lib/labels';
import type { Pod } from '../../../lib/status/observed';
import type { ReaperConfig } from '../configFile';
import { endedAt } from './endedAt';
import { isLost, mayBeLost } from './lost';
import { hasOutcome, isKept, ruleFor } from './policy';

export type Step =
  | { readonly do: 'nothing' | 'reap' }
  /** Lost: nothing that is said to its node is heard. */
  | { readonly do: 'end'; readonly why: EarlyEnd; readonly isLost: boolean }
  | { readonly do: 'capture'; readonly isLastChance: boolean }
  /** It cannot be said without its pods. */
  | { readonly do: 'look' };

export interface Looked {
  readonly job: KubeObject;
  /** Absent: nobody has looked yet. */
  readonly pods?: readonly Pod[];
}

export type Policy = Pick<ReaperConfig, 'jobs' | 'capture' | 'start_deadline_seconds'>;

const NOTHING: Step = { do: 'nothing' };

export function planJob(looked: Looked, policy: Policy, now: Date): Step {
  const { job } = looked;
  if (job.metadata?.deletionTimestamp !== undefined) return NOTHING;
  if (isSettled(job)) return stepOfCaptured(job, policy, now);
  if (!isTerminal(job) && !isEndedEarly(job)) return stepOfUnfinished(looked, policy, now);
  if (!isTerminal(job) && !isSuspended(job)) return endAgain(looked, policy, now);
  return isCaptured(job) ? stepOfCaptured(job, policy, now) : stepOfOver(looked, policy, now);
}

/** Captured as it is now: then its metadata tells all that is asked of it. */
export function isSettled(job: KubeObject): boolean {
  const { annotations = {}, generation = 0 } = job.metadata ?? {};
  const { [ANNOTATIONS.endedAt]: ended, [ANNOTATIONS.capturedGeneration]: captured } = annotations;
  return isCaptured(job) && hasOutcome(job) && ended !== undefined && captured === String(generation);
}

export function isCaptured({ metadata }: KubeObject): boolean {
  return metadata?.annotations?.[ANNOTATIONS.captured] !== undefined;
}

function stepOfCaptured(job: KubeObject, { jobs }: Policy, now: Date): Step {
  const isDue = secondsSince(endedAt(job), now) > ruleFor(job, jobs).age_seconds;
  return isDue && !isKept(job) ? { do: 'reap' } : NOTHING;
}

/** What still runs has not written its last line; after the hard deadline nobody waits for it any more. */
function stepOfOver(looked: Looked, policy: Policy, now: Date): Step {
  const { job, pods } = looked;
  const { capture } = policy;
  if (!isTerminal(job) && !hasBeenSuspended(job)) return NOTHING;
  if (pods === undefined) return { do: 'look' };
  const isLastChance = secondsSince(endedAt(job), now) > capture.deadline_seconds;
  if (isLastChance || pods.every(hasEnded)) return { do: 'capture', isLastChance };
  return isTerminal(job) ? NOTHING : endAgain(looked, policy, now);
}

/** The reason that was written down first stays, whichever is given. */
function endAgain({ job, pods }: Looked, { capture }: Policy, now: Date): Step {
  if (pods === undefined) return { do: 'look' };
  const why = (job.metadata?.annotations?.[ANNOTATIONS.earlyEnd] ?? 'cancelled') as EarlyEnd;
  return { do: 'end', why, isLost: isLost({ job, pods }, capture.deadline_seconds, now) };
}

function end(why: EarlyEnd, lost = false): Step {
  return { do: 'end', why, isLost: lost };
}

function stepOfUnfinished({ job, pods }: Looked, policy: Policy, now: Date): Step {
  const { start_deadline_seconds: submission, capture } = policy;
  if (isSuspended(job)) {
    const isAbandoned = wasNeverReleased(job) && secondsSince(createdAt(job), now) > submission;
    return isAbandoned ? end('never released') : NOTHING;
  }
  if (pods === undefined) return mayBeWrong(job, capture.deadline_seconds, now) ? { do: 'look' } : NOTHING;
  if (hasExceededDeadline(job, pods)) return end('deadline exceeded');
  if (isLost({ job, pods }, capture.deadline_seconds, now)) return end('node lost', true);
  return hasWaitedTooLong(job, pods, now) ? end('waited too long') : NOTHING;
}

/** Each change of what is wanted counts: who suspends a job later wants it to wait. */
function wasNeverReleased({ metadata }: ObservedJob): boolean {
  return (metadata?.generation ?? 1) === 1;
}

/** Most jobs that are under way are fine, and the Job alone tells it: then nobody has to ask for pods. */
function mayBeWrong(job: ObservedJob, patienceSeconds: number, now: Date): boolean {
  const { ready = 0, failed = 0 } = job.status ?? {};
  const waited = secondsSince(releasedAt(job), now);
  return failed > 0 || (ready === 0 && waited > waitSeconds(job)) || mayBeLost(job, patienceSeconds, now);
}

function hasExceededDeadline(job: ObservedJob, pods: readonly Pod[]): boolean {
  const isDecided = job.status?.conditions?.some(
    ({ type, status }) => status === 'True' && (type === 'FailureTarget' || type === 'SuccessCriteriaMet'),
  );
  return !isDecided && inOrder(pods).findLast(hasEnded)?.status?.reason === 'DeadlineExceeded';
}

/** A pod that follows on one that a node lost waits anew. */
function hasWaitedTooLong(job: ObservedJob, pods: readonly Pod[], now: Date): boolean {
  if (pods.some(({ spec }) => spec?.nodeName !== undefined)) return false;
  const since = Math.max(releasedAt(job), ...pods.map(createdAt));
  return secondsSince(since, now) > waitSeconds(job);
}

function waitSeconds({ metadata }: ObservedJob): number {
  const seconds = Number(metadata?.annotations?.[ANNOTATIONS.waitSeconds] ?? Infinity);
  return seconds > 0 ? seconds : Infinity;
}

function releasedAt(job: ObservedJob): number {
  return timeOf(job.status?.startTime) || createdAt(job);
}

function createdAt({ metadata }: ObservedJob | Pod): number {
  return timeOf(metadata?.creationTimestamp);
}

function timeOf(text: string | undefined): number {
  return Date.parse(text ?? '') || 0;
}

function isSuspended({ spec }: ObservedJob): boolean {
  return spec?.suspend === true;
}

/** Only that tells since when: until then nobody knows when it ended. */
function hasBeenSuspended(job: ObservedJob): boolean {
  return holds(job, 'Suspended') !== undefined;
}

function secondsSince(time: number, now: Date): number {
  return (now.getTime() - time) / 1000;
}
