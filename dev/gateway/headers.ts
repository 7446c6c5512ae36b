// Headers on their way through the gateway: what belongs to one connection stays, what OpenFaaS or an ingress adds is added.
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';

/** RFC 9110 section 7.6.1. Transfer-Encoding is kept for requests: it tells a body of unknown length from none. */
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade', 'expect'];

/** What was cut off the path on the way to a page of a service; functions are not told. */
export interface Place {
  readonly to: 'function' | 'service';
  readonly prefix: string;
}

/** What the gateway adds to a request; and to its answer, if the call had no id before. */
export interface Stamp {
  readonly onRequest: OutgoingHttpHeaders;
  readonly onAnswer: OutgoingHttpHeaders;
}

export function stampOf({ headers }: IncomingMessage): Stamp {
  const known = headers['x-call-id'];
  const id = { 'x-call-id': known ?? randomUUID() };
  const start = { 'x-start-time': String(BigInt(Date.now()) * 1_000_000n) };
  return { onRequest: { ...id, ...start }, onAnswer: { ...(known === undefined && id), ...start } };
}

export function requestHeaders(request: IncomingMessage, { to, prefix }: Place, stamp: Stamp): OutgoingHttpHeaders {
  const { headers, socket } = request;
  const client = socket.remoteAddress ?? '127.0.0.1';
  if (to === 'function') {
    return {
      'x-forwarded-for': `${client}:${socket.remotePort}`,
      'x-forwarded-host': headers.host,
      ...withoutLength(withoutHops(headers)),
      ...stamp.onRequest,
    };
  }
  const earlier = headers['x-forwarded-for'];
  return {
    ...withoutHops(headers),
    'x-forwarded-for': earlier === undefined ? client : `${String(earlier)}, ${client}`,
    'x-forwarded-host': headers.host,
    'x-forwarded-proto': 'http',
    ...(prefix !== '' && { 'x-forwarded-prefix': prefix }),
  };
}

export function upgradeHeaders(request: IncomingMessage, place: Place): OutgoingHttpHeaders {
  const headers = requestHeaders(request, place, stampOf(request));
  return { ...headers, connection: 'Upgrade', upgrade: request.headers.upgrade };
}

export function responseHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const { 'transfer-encoding': _chunked, ...rest } = withoutHops(headers);
  return rest;
}

/** The gateway streams bodies, and does not pass on how long they are. */
function withoutLength({ 'content-length': length, ...others }: OutgoingHttpHeaders): OutgoingHttpHeaders {
  if (length === undefined) return others;
  return Number(length) > 0 ? { ...others, 'transfer-encoding': 'chunked' } : { ...others, 'content-length': length };
}

export function withoutHops(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = (headers.connection ?? '').toLowerCase().split(/\s*,\s*/);
  const dropped = new Set([...hopByHop, ...named]);
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => value !== undefined && !dropped.has(name)),
  );
}
