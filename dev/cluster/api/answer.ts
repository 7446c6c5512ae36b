// What a handler answers, and its way onto the wire.
import type { TransportResponse } from '../../../lib/kube/transport';

export interface Answer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is plain text, an object JSON, anything else a stream. */
  readonly body: string | object | AsyncIterable<Uint8Array>;
  /** Told to the client in Warning headers. */
  readonly warnings?: readonly string[];
}

const encoder = new TextEncoder();

export function toResponse(answer: Answer): TransportResponse {
  const { status, body } = answer;
  const warnings = (answer.warnings ?? []).map((warning) => `299 - ${JSON.stringify(warning)}`);
  const headers = { ...answer.headers, ...(warnings.length === 0 ? {} : { warning: warnings.join(', ') }) };
  if (isStream(body)) return { status, headers: { 'content-type': 'application/json', ...headers }, body };
  const isText = typeof body === 'string';
  const contentType = isText ? 'text/plain; charset=utf-8' : 'application/json';
  const bytes = encoder.encode(isText ? body : `${JSON.stringify(body)}\n`);
  const length = { 'content-type': contentType, 'content-length': String(bytes.length) };
  return { status, headers: { ...length, ...headers }, body: once(bytes) };
}

function isStream(body: Answer['body']): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && Symbol.asyncIterator in body;
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
