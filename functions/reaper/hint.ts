// What an event is taken for: a hint which job to look at, never a statement about it. Pure.
import { poison, readCarried, type Hinting, type Place } from '../../lib/carried';

export type Hint = { readonly about: 'everything' } | { readonly about: 'job'; readonly name: string };

const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** Throws 400 for what can never mean anything here: it is not sent again. */
export function readHint(event: Hinting, place: Place): Hint {
  const carried = readCarried(event, place);
  if (carried === 'timer') return { about: 'everything' };
  const { name } = carried.metadata;
  const isJob = carried.data['kind'] === 'Job' && typeof name === 'string' && NAME.test(name);
  if (!isJob) throw poison('no_job', 'The event is not about a Job.');
  return { about: 'job', name };
}
