// What a job has gone through, told from the Job and its pods alone: the same events with the same ids on every instance. Pure.
import { hasEnded } from '../../../lib/jobs/attempts';
import { endOf, nextOne, type JobPhase } from '../../../lib/jobs/jobState';
import type { ObservedJob } from '../../../lib/jobs/observedJob';
import type { RecordedJobState } from '../../../lib/jobs/record';
import type { Pod } from '../../../lib/status/observed';
import type { ToldState } from '../state/readState';

type Told = Pick<ToldState, 'reason' | 'exitCode' | 'lastLines'>;

export interface JobEvent extends Told {
  readonly position: Position;
  readonly phase: JobPhase;
  readonly message: string;
  /** From 1 on. */
  readonly attempt: number;
  /** ISO time; absent where Kubernetes keeps none. */
  readonly at?: string | undefined;
}

/** Orders the events of a job. A trouble is told beside its phase, and has no order of its own. */
export interface Position {
  readonly attempt: number;
  readonly rank: number;
  readonly trouble?: string | undefined;
}

const RANKS: Readonly<Record<JobPhase, number>> = {
  queued: 0,
  starting: 1,
  running: 2,
  succeeded: 3,
  failed: 3,
  cancelled: 3,
};

/** Behind it nothing comes. */
export const END = RANKS.succeeded;

/** Oldest first; the last one tells `state`, which is how the job is now. */
export function historyOf(job: ObservedJob, pods: readonly Pod[], state: ToldState): readonly JobEvent[] {
  const { attempts: _attempts, phase, message, ...told } = state;
  const rank = RANKS[phase];
  const past = attemptsOf(pods, phase).flatMap((pod, index) => attemptEvents(job, pods, { pod, index }));
  const attempt = past.at(-1)?.attempt ?? 1;
  const trouble = rank === END ? undefined : state.reason;
  const current = { phase, attempt, message, ...told, position: { attempt, rank, trouble } };
  const before = past.filter(({ position }) => comesBefore(position, current.position));
  const same = past.filter((event) => event.attempt === attempt && event.phase === phase);
  const at = rank === END ? endedAt(job) : same[0]?.at;
  return [...before, ...(trouble === undefined ? [] : same), { ...current, at }];
}

/** All that is left to tell of a job that was reaped. */
export function endOfRecord(state: RecordedJobState, at: string): JobEvent {
  const { attempts, isOver: _over, ...told } = state;
  const attempt = Math.max(1, attempts);
  return { ...told, attempt, at, position: { attempt, rank: END } };
}

/** The next one may have no pod yet, and the first one neither. */
function attemptsOf(pods: readonly Pod[], phase: JobPhase): readonly (Pod | undefined)[] {
  const last = pods.at(-1);
  const isNext = last === undefined || (phase === 'queued' && hasEnded(last));
  return isNext ? [...pods, undefined] : pods;
}

/**
 * What a client lacks that has got `last`. Pods of earlier attempts may be gone by now, as those that a node lost: attempts
 * that the client has heard of are not counted anew, or it would take what follows for known.
 */
export function newsOf(history: readonly JobEvent[], last: Position | undefined): readonly JobEvent[] {
  const missing = Math.max(0, (last?.attempt ?? 0) - (history.at(-1)?.attempt ?? 0));
  return history.map((event) => moved(event, missing)).filter(({ position }) => !isKnown(position, last));
}

function moved(event: JobEvent, by: number): JobEvent {
  const attempt = event.attempt + by;
  return { ...event, attempt, position: { ...event.position, attempt } };
}

export function isKnown(position: Position, last: Position | undefined): boolean {
  if (last === undefined || comesBefore(last, position)) return false;
  const isSamePlace = !comesBefore(position, last);
  return !isSamePlace || position.trouble === undefined || position.trouble === last.trouble;
}

function comesBefore(a: Position, b: Position): boolean {
  return a.attempt < b.attempt || (a.attempt === b.attempt && a.rank < b.rank);
}

interface Attempt {
  readonly pod: Pod | undefined;
  readonly index: number;
}

function attemptEvents(job: ObservedJob, pods: readonly Pod[], { pod, index }: Attempt): readonly JobEvent[] {
  const previous = pods[index - 1];
  const steps: readonly Step[] = [
    previous === undefined
      ? ['queued', job.metadata?.creationTimestamp, 'The job waits for a node.']
      : ['queued', endOf(previous)?.finishedAt, nextOne(previous)],
    ['starting', scheduledAt(pod), 'The job is being started on a node.'],
    ['running', runningSince(pod), 'The job is running.'],
  ];
  const attempt = index + 1;
  return steps
    .filter(([phase, at]) => phase === 'queued' || at)
    .map(([phase, at, message]) => ({
      phase,
      attempt,
      at: at ?? undefined,
      message,
      position: { attempt, rank: RANKS[phase] },
    }));
}

type Time = string | null | undefined;
type Step = readonly [phase: JobPhase, at: Time, message: string];

function scheduledAt(pod: Pod | undefined): Time {
  const { conditions = [] } = pod?.status ?? {};
  return conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'True')?.lastTransitionTime;
}

/** Of the container that does the work. */
function runningSince(pod: Pod | undefined): Time {
  const { containerStatuses = [] } = pod?.status ?? {};
  const { running, terminated } = containerStatuses[0]?.state ?? {};
  return running?.startedAt ?? terminated?.startedAt;
}

function endedAt({ status }: ObservedJob): string | undefined {
  const ends = status?.conditions?.filter(({ status: holds }) => holds === 'True') ?? [];
  const end = ends.find(({ type }) => ['Complete', 'Failed', 'FailureTarget'].includes(type));
  return end?.lastTransitionTime ?? undefined;
}
