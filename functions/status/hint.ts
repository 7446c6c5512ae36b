// What an event is taken for: a hint which service to look at, never a statement about it. Pure.
import { readCarried, type Hinting, type Place } from '../../lib/carried';
import { LABELS } from '../../lib/labels';
import { isObjectName, MAX_LABEL_LENGTH } from '../../lib/naming';
import { isRecord } from '../../lib/record';

/** An object that may belong to a service. */
export interface Involved {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

export type Hint =
  | { readonly about: 'everything' }
  | { readonly about: 'service'; readonly anchor: string }
  | { readonly about: 'object'; readonly involved: Involved }
  | { readonly about: 'nothing' };

/** What core Events of a service are about, beside things that are nobody's. */
const OWNERS: Readonly<Record<string, string>> = {
  Pod: 'v1',
  ReplicaSet: 'apps/v1',
  Deployment: 'apps/v1',
  Job: 'batch/v1',
};

/** Throws 400 for what can never mean anything here: it is not sent again. */
export function readHint(event: Hinting, place: Place): Hint {
  const carried = readCarried(event, place);
  if (carried === 'timer') return { about: 'everything' };
  const { data, metadata } = carried;
  return data['kind'] === 'Event' ? hintOfEvent(data['involvedObject']) : hintOfLabels(metadata['labels']);
}

/** Objects of other people are in the same namespace: they are no mistake, and of no interest. */
export function hintOfLabels(labels: unknown): Hint {
  const anchor = isRecord(labels) ? labels[LABELS.anchor] : undefined;
  return isObjectName(anchor) && anchor.length <= MAX_LABEL_LENGTH
    ? { about: 'service', anchor }
    : { about: 'nothing' };
}

function hintOfEvent(involved: unknown): Hint {
  if (!isRecord(involved)) return { about: 'nothing' };
  const { kind, name } = involved;
  const apiVersion = typeof kind === 'string' && Object.hasOwn(OWNERS, kind) ? OWNERS[kind] : undefined;
  if (typeof kind !== 'string' || apiVersion === undefined || !isObjectName(name)) return { about: 'nothing' };
  return { about: 'object', involved: { apiVersion, kind, name } };
}
