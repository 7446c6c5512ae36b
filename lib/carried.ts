// What an event carries: the call of a timer, or an object of this namespace, from a source that is known here. Pure.
import { AppError } from './errors';
import { isRecord } from './record';

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

type Fields = Readonly<Record<string, unknown>>;

export interface CarriedObject {
  readonly data: Fields;
  readonly metadata: Fields;
}

/** What somebody wants to be run: no hint, for nobody finds it anywhere else. */
export const REQUEST = 'hub-functions.request.v1';
const PING = 'dev.knative.sources.ping';
const CHANGE = /^dev\.knative\.apiserver\.resource\.(add|update|delete)$/;

/** Throws 400 for what can never mean anything here: it is not sent again. */
export function readCarried(event: Hinting, { namespace, isKnownSource }: Place): 'timer' | CarriedObject {
  const { type, source, data } = event;
  if (!isKnownSource(source)) throw poison('unknown_source', 'The source of the event is not known here.');
  if (type === PING) return 'timer';
  if (!CHANGE.test(type)) throw poison('unknown_event', 'Events of this type mean nothing here.');
  const metadata = isRecord(data) ? data['metadata'] : undefined;
  if (!isRecord(data) || !isRecord(metadata)) throw poison('no_object', 'The event does not carry an object.');
  if (metadata['namespace'] !== namespace) throw poison('foreign_namespace', 'The object is in another namespace.');
  return { data, metadata };
}

export function poison(code: string, message: string): AppError {
  return new AppError(code, 400, message);
}
