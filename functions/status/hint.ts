// What an event is taken for: a hint which service to look at, never a statement about it. Pure.
import { AppError } from '../../lib/errors';
import { LABELS } from '../../lib/labels';
import { MAX_LABEL_LENGTH } from '../../lib/naming';
import { isRecord } from '../../lib/record';

/** The part of a CloudEvent that counts. */
export interface Hinting {
  readonly type: string;
  readonly source: string;
  readonly data?: unknown;
}

export interface Place {
  readonly namespace: string;
  readonly isKnownSource: (source: string) => boolean;
}

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

const PING = 'dev.knative.sources.ping';
const CHANGE = /^dev\.knative\.apiserver\.resource\.(add|update|delete)$/;
const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
/** What core Events of a service are about, beside things that are nobody's. */
const OWNERS: Readonly<Record<string, string>> = {
  Pod: 'v1',
  ReplicaSet: 'apps/v1',
  Deployment: 'apps/v1',
  Job: 'batch/v1',
};

/** Throws 400 for what can never mean anything here: it is not sent again. */
export function readHint({ type, source, data }: Hinting, { namespace, isKnownSource }: Place): Hint {
  if (!isKnownSource(source)) throw poison('unknown_source', 'The source of the event is not known here.');
  if (type === PING) return { about: 'everything' };
  if (!CHANGE.test(type)) throw poison('unknown_event', 'Events of this type mean nothing here.');
  const metadata = isRecord(data) ? data['metadata'] : undefined;
  if (!isRecord(data) || !isRecord(metadata)) throw poison('no_object', 'The event does not carry an object.');
  if (metadata['namespace'] !== namespace) throw poison('foreign_namespace', 'The object is in another namespace.');
  return data['kind'] === 'Event' ? hintOfEvent(data['involvedObject']) : hintOfLabels(metadata['labels']);
}

/** Objects of other people are in the same namespace: they are no mistake, and of no interest. */
export function hintOfLabels(labels: unknown): Hint {
  const anchor = isRecord(labels) ? labels[LABELS.anchor] : undefined;
  return isName(anchor) && anchor.length <= MAX_LABEL_LENGTH ? { about: 'service', anchor } : { about: 'nothing' };
}

function hintOfEvent(involved: unknown): Hint {
  if (!isRecord(involved)) return { about: 'nothing' };
  const { kind, name } = involved;
  const apiVersion = typeof kind === 'string' && Object.hasOwn(OWNERS, kind) ? OWNERS[kind] : undefined;
  if (typeof kind !== 'string' || apiVersion === undefined || !isName(name)) return { about: 'nothing' };
  return { about: 'object', involved: { apiVersion, kind, name } };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 253 && NAME.test(value);
}

function poison(code: string, message: string): AppError {
  return new AppError(code, 400, message);
}
