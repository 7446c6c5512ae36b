// A transport over node:https with keep-alive: a tenth of the start-up time and memory of the full client (docs/adr/0002).
import * as http from 'node:http';
import * as https from 'node:https';
import type { Transport, TransportRequest, TransportResponse } from './transport';

export interface Endpoint {
  readonly url: URL;
  readonly ca?: string | Buffer | undefined;
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
  readonly rejectUnauthorized?: boolean | undefined;
  /** Asked before each request, so that rotated tokens are picked up; cache inside. */
  readonly authorization?: () => Promise<string | undefined>;
}

/** Few connections: each costs the API server a TLS handshake, and a burst is answered no sooner with more of them. */
const MAX_SOCKETS = 16;

/** Logs that were read to their end leave them for the next ones. */
const FREE_STREAMS = 2;

export function httpsTransport(endpoint: Endpoint): Transport {
  const { request: open, Agent } = endpoint.url.protocol === 'http:' ? http : https;
  const { ca, cert, key, rejectUnauthorized } = endpoint;
  const tls = { ca, cert, key, ...(rejectUnauthorized !== undefined && { rejectUnauthorized }) };
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS, scheduling: 'lifo', ...tls });
  const streams = new Agent({ keepAlive: true, maxFreeSockets: FREE_STREAMS, ...tls });
  // All connections lead to one place: Node would spell out the certificates for each request to tell.
  agent.getName = streams.getName = () => endpoint.url.host;
  const basePath = endpoint.url.pathname.replace(/\/$/, '');

  return async (request) => {
    const authorization = await endpoint.authorization?.();
    request.signal.throwIfAborted();
    const options: https.RequestOptions = {
      agent: isStream(request) ? streams : agent,
      host: endpoint.url.hostname,
      port: endpoint.url.port || (endpoint.url.protocol === 'http:' ? 80 : 443),
      method: request.method,
      path: basePath + request.path,
      headers: { ...request.headers, ...lengthOf(request.body), ...(authorization && { authorization }) },
    };
    return new Promise<TransportResponse>((resolve, reject) => {
      const outgoing = open(options, (incoming) => resolve(toResponse(incoming)));
      const abort = (): void => void outgoing.destroy(request.signal.reason as Error);
      request.signal.addEventListener('abort', abort);
      outgoing
        .on('error', reject)
        .on('close', () => request.signal.removeEventListener('abort', abort))
        .end(request.body);
    });
  };
}

/** Watches last, and logs as long as somebody reads them, who may be slow: they must not take the place of requests. */
function isStream({ path }: TransportRequest): boolean {
  return /[?&]watch=true|[/]log([?]|$)/.test(path);
}

function lengthOf(body: string | undefined): Record<string, number> {
  return body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
}

function toResponse(incoming: http.IncomingMessage): TransportResponse {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = Array.isArray(value) ? value[0] : value;
  return { status: incoming.statusCode ?? 0, headers, body: incoming };
}
