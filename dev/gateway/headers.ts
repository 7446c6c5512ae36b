// Headers on their way through the gateway: what belongs to one connection stays, what OpenFaaS adds is added.
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';

/** RFC 9110 section 7.6.1. Transfer-Encoding is kept for requests: it tells a body of unknown length from none. */
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade', 'expect'];

export function requestHeaders(request: IncomingMessage, prefix: string): OutgoingHttpHeaders {
  const { headers, socket } = request;
  const client = socket.remoteAddress ?? '127.0.0.1';
  const earlier = headers['x-forwarded-for'];
  return {
    ...withoutHops(headers),
    'x-forwarded-for': earlier === undefined ? client : `${String(earlier)}, ${client}`,
    'x-forwarded-host': headers.host,
    'x-forwarded-proto': 'http',
    ...(prefix !== '' && { 'x-forwarded-prefix': prefix }),
    'x-call-id': headers['x-call-id'] ?? randomUUID(),
    'x-start-time': String(BigInt(Date.now()) * 1_000_000n),
  };
}

export function upgradeHeaders(request: IncomingMessage, prefix: string): OutgoingHttpHeaders {
  return { ...requestHeaders(request, prefix), connection: 'Upgrade', upgrade: request.headers.upgrade };
}

export function responseHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const { 'transfer-encoding': _chunked, ...rest } = withoutHops(headers);
  return rest;
}

function withoutHops(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = (headers.connection ?? '').toLowerCase().split(/\s*,\s*/);
  const dropped = new Set([...hopByHop, ...named]);
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => value !== undefined && !dropped.has(name)),
  );
}
