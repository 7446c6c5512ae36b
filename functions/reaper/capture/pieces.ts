// Which logs a job has: one of each container of each attempt, in the order in which they ran. Pure.
import { containersOf, hasEnded, statusesOf, wasDisrupted } from '../../../lib/jobs/attempts';
import { isEndedEarly, isTerminal } from '../../../lib/jobs/jobState';
import type { ObservedJob } from '../../../lib/jobs/observedJob';
import type { RecordedPiece } from '../../../lib/jobs/record';
import type { ContainerStatus, Pod, Terminated } from '../../../lib/status/observed';
import { EMPTY_LOG } from './readLog';

export interface Piece {
  /** Of a set. */
  readonly stage?: string;
  readonly pod: string;
  readonly container: string;
  /** It has run, so there has to be a log. */
  readonly hasRun: boolean;
  readonly end: Terminated | undefined;
}

export function piecesOf(pods: readonly Pod[]): readonly Piece[] {
  return pods.flatMap((pod) => {
    const statuses = statusesOf(pod);
    return containersOf(pod).map((container) => ({
      pod: pod.metadata?.name ?? '',
      container,
      ...endOf(statuses.find(({ name }) => name === container)),
    }));
  });
}

const GONE: RecordedPiece = {
  pod: '',
  container: '',
  bytes: 0,
  keptBytes: 0,
  sha256: EMPTY_LOG.sha256,
  lost: 'Its pod is gone, and its log with it.',
};

/** For each attempt without a pod. */
export function goneOf(job: ObservedJob, pods: readonly Pod[]): readonly RecordedPiece[] {
  return Array.from({ length: missingAttempts(job, pods) }, () => GONE);
}

/** Attempts that Kubernetes has counted, but whose pods are no more. What has ended with its job still running is counted, too. */
export function missingAttempts(job: ObservedJob, pods: readonly Pod[]): number {
  const counted = pods.filter((pod) => !wasDisrupted(pod) && (hasEnded(pod) || isTerminal(job)));
  const { succeeded = 0, failed = 0 } = job.status ?? {};
  // A pod that waited when its job was suspended is deleted, and counted although it never ran.
  const neverRan = isEndedEarly(job) && job.spec?.suspend === true ? 1 : 0;
  return Math.max(0, succeeded + failed - counted.length - neverRan);
}

/** The kubelet gives an end to what it never started, too, but no start. */
function endOf(status: ContainerStatus | undefined): Pick<Piece, 'hasRun' | 'end'> {
  const end = status?.state?.terminated ?? status?.lastState?.terminated;
  return { end, hasRun: Boolean(end?.startedAt ?? status?.state?.running) };
}
