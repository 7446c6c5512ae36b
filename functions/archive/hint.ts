// What an event is taken for: a hint which repository to look at, or that somebody waits for a claim, never a statement about it. Pure.
import { readCarried, type Hinting, type Place } from '../../lib/carried';
import { LABELS } from '../../lib/labels';
import { isRecord } from '../../lib/record';
import { TARGET_KIND } from '../../lib/restoring';
import { MOVER_KIND } from './names';

export type Hint =
  | { readonly about: 'everything' }
  | { readonly about: 'user'; readonly userHash: string }
  | { readonly about: 'restores' }
  | { readonly about: 'nothing' };

const HASH = /^[0-9a-f]{12}$/;

/** Throws 400 for what can never mean anything here: it is not sent again. Jobs of others are no mistake, and of no interest. */
export function readHint(event: Hinting, place: Place): Hint {
  const carried = readCarried(event, place);
  if (carried === 'timer') return { about: 'everything' };
  const { labels } = carried.metadata;
  if (isRecord(labels) && labels[LABELS.kind] === TARGET_KIND) return { about: 'restores' };
  const user = isRecord(labels) && labels[LABELS.kind] === MOVER_KIND ? labels[LABELS.user] : undefined;
  return typeof user === 'string' && HASH.test(user) ? { about: 'user', userHash: user } : { about: 'nothing' };
}
