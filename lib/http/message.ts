// What a handler takes and returns: plain values, never sockets (docs/adr/0006).
import type { Readable } from 'node:stream';
import type { Caller } from '../credentials/caller';

export interface Request {
  /** Short unique id, in every log line and in every 500 answer. */
  readonly id: string;
  readonly method: string;
  /** Decoded path without query, prefix, format suffix and trailing slash. */
  readonly path: string;
  /** Whether the path carried a format suffix: `/api/services.json`. */
  readonly suffixed: boolean;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** As the route asks: parsed (`{}` when empty), the bytes, or `undefined`. */
  readonly body: unknown;
  /** Who calls; absent only on routes that are open to everyone. */
  readonly caller?: Caller;
  /** Aborts when the client went away or the deadline of the request passed. */
  readonly signal: AbortSignal;
}

export interface Response {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as compact JSON, a string as it is (set content-type), a stream without buffering. */
  readonly body?: string | object | Readable;
}
