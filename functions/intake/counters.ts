// What this function counts.
import { createCounters as createAll, type Counters as All } from '../../lib/counters';

const HELP = {
  done: 'Messages of queues that were handed on',
  dead: 'Messages that were given up, and are kept with the reason',
  postponed: 'Times that a message had to wait, because who is needed did not answer',
  retaken: 'Messages that were taken over, because who had them did not end them',
  late: 'Times that a message had been taken over when its work was done',
  events: 'Events that were handed on',
  submissions: 'Submissions by users of a hub',
} as const;

export type Counters = All<keyof typeof HELP>;

export function createCounters(): Counters {
  return createAll('intake', HELP);
}
