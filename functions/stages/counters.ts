// What this function counts. Whether events arrive at all is seen from what sweeps find.
import { createCounters as createAll, type Counters as All } from '../../lib/counters';

const HELP = {
  started: 'Stages that were started',
  ended: 'Times that stages of a set were ended before their time',
  finished: 'Sets that are over',
  sweep_found_missed: 'Sets that a sweep found to be waiting because no event had told it',
} as const;

export type Counters = All<keyof typeof HELP>;

export function createCounters(): Counters {
  return createAll('stages', HELP);
}
