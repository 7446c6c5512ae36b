// Decides what is next in an operation, from its anchor and the Job that has the repository's name. Pure.
//
// | seen                                                     | step                                             |
// | -------------------------------------------------------- | ------------------------------------------------ |
// | no operation; the Job is one of its earlier operations   | remove the Job                                   |
// | no operation                                             | none                                             |
// | an operation, no Job                                     | start                                            |
// | an operation, the Job is another's                       | queue: one at a time works on a repository       |
// | the Job is its own, and over                             | record how it ended; the next step removes it    |
// | the Job is its own, and waited too long                  | give up                                          |
// | the Job is its own                                       | wait                                             |
import { hasEnded } from '../../../lib/jobs/attempts';
import { isTerminal, jobState } from '../../../lib/jobs/jobState';
import type { ObservedJob } from '../../../lib/jobs/observedJob';
import { ANNOTATIONS, LABELS } from '../../../lib/labels';
import type { Pod } from '../../../lib/status/observed';
import type { Subject } from '../archive';
import { heldUpBy } from './heldUp';
import type { Operation } from './operation';
import { failed, outcomeOf, type Outcome } from './outcome';

export interface SeenOperation {
  readonly subject: Subject;
  /** The Job that has the repository's name, whosever it is. */
  readonly job: ObservedJob | undefined;
  /** Its pods. */
  readonly pods: readonly Pod[];
}

interface SeenJob {
  readonly job: ObservedJob;
  readonly pods: readonly Pod[];
}

export type OperationStep =
  | { readonly do: 'none' }
  | { readonly do: 'queue' }
  | { readonly do: 'wait' }
  | { readonly do: 'start'; readonly operation: Operation }
  | { readonly do: 'record'; readonly operation: Operation; readonly outcome: Outcome }
  | { readonly do: 'remove'; readonly job: ObservedJob };

/** Somebody waits for it, or has gone long ago. */
const DOWNLOAD_WAIT_SECONDS = 180;

export function nextStep(seen: SeenOperation, waitSeconds: number, now: Date): OperationStep {
  const { subject, job } = seen;
  const { operation } = subject;
  if (job !== undefined && isOwn(job, subject) && operationOf(job) !== operation?.id) return { do: 'remove', job };
  if (operation === undefined) return { do: 'none' };
  if (job === undefined) return { do: 'start', operation };
  if (!isOwn(job, subject) || isLeaving(job)) return { do: 'queue' };
  const outcome = endOf({ job, pods: seen.pods }, { verb: operation.verb, waitSeconds, now });
  return outcome === undefined ? { do: 'wait' } : { do: 'record', operation, outcome };
}

function isOwn({ metadata }: ObservedJob, subject: Subject): boolean {
  return metadata?.labels?.[LABELS.anchorUid] === subject.uid;
}

function isLeaving({ metadata }: ObservedJob): boolean {
  return metadata?.deletionTimestamp !== undefined;
}

interface Patience {
  readonly verb: Operation['verb'];
  readonly waitSeconds: number;
  readonly now: Date;
}

function endOf({ job, pods }: SeenJob, { verb, waitSeconds, now }: Patience): Outcome | undefined {
  if (isTerminal(job)) return outcomeOf(job, pods, now);
  const seconds = verb === 'serve' ? Math.min(waitSeconds, DOWNLOAD_WAIT_SECONDS) : waitSeconds;
  const late = lateness({ job, pods }, seconds, now);
  return late === undefined ? undefined : failed('WaitedTooLong', late, now);
}

export function operationOf({ metadata }: ObservedJob): string | undefined {
  return metadata?.annotations?.[ANNOTATIONS.operationId];
}

/** A mover that has begun has a deadline of its own. */
function lateness({ job, pods }: SeenJob, waitSeconds: number, now: Date): string | undefined {
  const waited = (now.getTime() - Date.parse(job.metadata?.creationTimestamp ?? '')) / 1000;
  const state = jobState(job, pods);
  if (!(waited > waitSeconds) || state.phase === 'running' || pods.some(hasEnded)) return undefined;
  const why = heldUpBy(pods) ?? state.message;
  return `The mover could not begin within ${waitSeconds} s: ${why} See to it, and ask again.`;
}
