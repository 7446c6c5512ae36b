// What this function counts. Whether events arrive at all is seen from what sweeps find.
import { createCounters as createAll, type Counters as All } from '../../lib/counters';

const HELP = {
  started: 'Movers that were started',
  done: 'Operations that ended well',
  failed: 'Operations that failed',
  released: 'Claims that were deleted for good',
  undone: 'Claims that were brought back',
  sweep_found_missed: 'Ends of movers that a sweep found because no event had told them',
} as const;

export type Counters = All<keyof typeof HELP>;

export function createCounters(): Counters {
  return createAll('archive', HELP);
}
