// Whether a job waits for a node that will not tell how its attempt ended: it is gone, cut off or broken. Pure.
import { hasEnded } from '../../../lib/jobs/attempts';
import type { ObservedJob } from '../../../lib/jobs/observedJob';
import type { Pod } from '../../../lib/status/observed';

interface Attempted {
  readonly job: ObservedJob;
  readonly pods: readonly Pod[];
}

/** Everything that has not ended should have, long ago: by its deletion, or by the deadline of each attempt. */
export function isLost({ job, pods }: Attempted, patienceSeconds: number, now: Date): boolean {
  const left = pods.filter((pod) => !hasEnded(pod));
  const longAgo = now.getTime() - patienceSeconds * 1000;
  return (
    left.length > 0 &&
    left.every(({ metadata, status }) => {
      const { deletionTimestamp } = metadata ?? {};
      return timeOf(deletionTimestamp) < longAgo || timeOf(status?.startTime) + attemptMs(job) < longAgo;
    })
  );
}

/** As far as the Job alone can tell. */
export function mayBeLost(job: ObservedJob, patienceSeconds: number, now: Date): boolean {
  const { terminating = 0, startTime } = job.status ?? {};
  return terminating > 0 || timeOf(startTime) + attemptMs(job) + patienceSeconds * 1000 < now.getTime();
}

/** A kubelet ends each attempt by then, if there is one. */
function attemptMs({ spec }: ObservedJob): number {
  return (spec?.template?.spec?.activeDeadlineSeconds ?? Infinity) * 1000;
}

/** What has no time is never over. */
function timeOf(text: string | undefined): number {
  return Date.parse(text ?? '') || Infinity;
}
