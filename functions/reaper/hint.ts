// What an event is taken for: a hint which job to look at, never a statement about it. Pure.
import { poison, readCarried, type Hinting, type Place } from '../../lib/carried';
import { isObjectName } from '../../lib/naming';

export type Hint = { readonly about: 'everything' } | { readonly about: 'job'; readonly name: string };

/** Throws 400 for what can never mean anything here: it is not sent again. */
export function readHint(event: Hinting, place: Place): Hint {
  const carried = readCarried(event, place);
  if (carried === 'timer') return { about: 'everything' };
  const { name } = carried.metadata;
  if (carried.data['kind'] !== 'Job' || !isObjectName(name)) throw poison('no_job', 'The event is not about a Job.');
  return { about: 'job', name };
}
