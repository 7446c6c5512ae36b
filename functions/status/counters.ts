// What this function counts. Whether events arrive at all is seen from what sweeps find.
import { createCounters as createAll, type Counters as All } from '../../lib/counters';

const HELP = {
  sweep_found_missed: 'News that a sweep found because no event had told them',
  sweep_found_overdue: 'Services that a sweep found to be over because their time was up',
  hub_told: 'Progress events that hubs took',
  hub_refused: 'Progress events that hubs refused for good, or that were given up',
  hub_unreachable: 'Attempts to tell a hub that failed and are repeated',
} as const;

export type Counters = All<keyof typeof HELP>;

export function createCounters(): Counters {
  return createAll('status', HELP);
}
