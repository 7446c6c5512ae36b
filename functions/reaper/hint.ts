// What an event is taken for: a hint which job to look at, never a statement about it. Pure.
import { AppError } from '../../lib/errors';
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

export type Hint = { readonly about: 'everything' } | { readonly about: 'job'; readonly name: string };

const PING = 'dev.knative.sources.ping';
const CHANGE = /^dev\.knative\.apiserver\.resource\.(add|update|delete)$/;
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** Throws 400 for what can never mean anything here: it is not sent again. */
export function readHint({ type, source, data }: Hinting, { namespace, isKnownSource }: Place): Hint {
  if (!isKnownSource(source)) throw poison('unknown_source', 'The source of the event is not known here.');
  if (type === PING) return { about: 'everything' };
  if (!CHANGE.test(type)) throw poison('unknown_event', 'Events of this type mean nothing here.');
  if (!isRecord(data) || !isRecord(data['metadata'])) throw poison('no_object', 'The event does not carry an object.');
  return hintOf(data['kind'], data['metadata'], namespace);
}

function hintOf(kind: unknown, metadata: Readonly<Record<string, unknown>>, here: string): Hint {
  const { namespace, name } = metadata;
  if (namespace !== here) throw poison('foreign_namespace', 'The object is in another namespace.');
  const isJob = kind === 'Job' && typeof name === 'string' && NAME.test(name);
  if (!isJob) throw poison('no_job', 'The event is not about a Job.');
  return { about: 'job', name };
}

function poison(code: string, message: string): AppError {
  return new AppError(code, 400, message);
}
