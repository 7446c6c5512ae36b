// What an event is taken for: a hint which set to look at, never a statement about it. Pure.
import { readCarried, type Hinting, type Place } from '../../lib/carried';
import { LABELS } from '../../lib/labels';
import { isObjectName, MAX_LABEL_LENGTH } from '../../lib/naming';
import { isRecord } from '../../lib/record';

export type Hint =
  { readonly about: 'everything' } | { readonly about: 'set'; readonly id: string } | { readonly about: 'nothing' };

/** Throws 400 for what can never mean anything here: it is not sent again. Pods of others are no mistake, and of no interest. */
export function readHint(event: Hinting, place: Place): Hint {
  const carried = readCarried(event, place);
  if (carried === 'timer') return { about: 'everything' };
  const { labels } = carried.metadata;
  const id = isRecord(labels) ? labels[LABELS.jobSet] : undefined;
  return isObjectName(id) && id.length <= MAX_LABEL_LENGTH ? { about: 'set', id } : { about: 'nothing' };
}
