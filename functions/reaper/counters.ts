// What this function counts.
import { createCounters as createAll, type Counters as All } from '../../lib/counters';

const HELP = {
  sweeps: 'Sweeps that came to their end',
  ended: 'Jobs that were ended before their time',
  captured: 'Jobs whose logs and outcome were written down',
  postponed: 'Attempts to capture a job that are repeated, because a log could not be read',
  lost: 'Logs that could not be had, and were recorded as lost',
  deleted: 'Objects that were deleted',
  failed: 'Objects that a run failed on',
} as const;

export type Counter = keyof typeof HELP;
export type Counters = All<Counter>;

export function createCounters(): Counters {
  return createAll('reaper', HELP);
}
