// When a job ended. Pure.
import { holds } from '../../../lib/jobs/jobState';
import { ANNOTATIONS } from '../../../lib/labels';
import type { ObservedJob } from '../../../lib/jobs/observedJob';

const ENDS = ['Complete', 'Failed', 'Suspended'];

/**
 * Milliseconds. A job that never ran ended when it was suspended; what tells nothing of its end is as old as it is.
 * Its metadata alone tells it once it is captured.
 */
export function endedAt(job: ObservedJob): number {
  const time = Date.parse(told(job) ?? '');
  return Number.isNaN(time) ? 0 : time;
}

function told(job: ObservedJob): string | undefined {
  const { metadata, status } = job;
  const end = ENDS.map((type) => holds(job, type)).find((condition) => condition !== undefined);
  const written = metadata?.annotations?.[ANNOTATIONS.endedAt];
  return end?.lastTransitionTime ?? status?.completionTime ?? written ?? metadata?.creationTimestamp;
}
