// When a job ended. Pure.
import type { ObservedJob } from '../../../lib/jobs/observedJob';

const ENDS = ['Complete', 'Failed', 'Suspended'];

/** Milliseconds. A job that never ran ended when it was suspended; what tells nothing of its end is as old as it is. */
export function endedAt({ metadata, status }: ObservedJob): number {
  const end = ENDS.map((type) =>
    status?.conditions?.find((condition) => condition.type === type && condition.status === 'True'),
  ).find((condition) => condition !== undefined);
  const told = end?.lastTransitionTime ?? status?.completionTime ?? metadata?.creationTimestamp;
  const time = Date.parse(told ?? '');
  return Number.isNaN(time) ? 0 : time;
}
