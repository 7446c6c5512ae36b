// Passes one request, or one upgraded connection, on to a local port: both ways at once, nothing kept in memory.
import { request as httpRequest, STATUS_CODES } from 'node:http';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../lib/errors';
import { requestHeaders, responseHeaders, stampOf, upgradeHeaders, type Place } from './headers';
import { copyStrictly, wantsStream } from './strictCopy';

export interface Target extends Place {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Where the gateway is to be as strict as OpenFaaS' own: how long an answer may take, to its last byte. */
  readonly patienceMs?: number | undefined;
}

/** Resolves when the last byte went either way; rejects only before anything was answered. */
export function forwardRequest(target: Target, request: IncomingMessage, response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const { host, port, path, patienceMs } = target;
    const stamp = stampOf(request);
    const headers = requestHeaders(request, target, stamp);
    const upstream = httpRequest({ host, port, path, method: request.method, headers, agent: false });
    const timer = patienceMs === undefined ? undefined : setTimeout(giveUp, patienceMs, upstream);
    upstream.on('close', () => clearTimeout(timer));
    upstream.on('response', (answer) => {
      const added = target.to === 'function' ? stamp.onAnswer : {};
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, {
        ...added,
        ...responseHeaders(answer.headers),
      });
      const copied =
        patienceMs === undefined ? copy(answer, response) : copyStrictly(answer, response, wantsStream(request));
      copied.then(resolve, () => resolve());
    });
    upstream.on('error', (error) => {
      if (response.headersSent || response.destroyed) resolve();
      else reject(unreachable(error));
    });
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  });
}

function giveUp(upstream: ClientRequest): void {
  upstream.destroy(new Error('it took too long'));
}

/** A stream that broke off is told by breaking off; there is no status left to say it with. */
function copy(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  response.flushHeaders();
  return pipeline(answer, response);
}

export function forwardUpgrade(target: Target, request: IncomingMessage, client: Client): Promise<void> {
  return new Promise((resolve, reject) => {
    const { host, port, path } = target;
    const headers = upgradeHeaders(request, target);
    const upstream = httpRequest({ host, port, path, method: request.method, headers, agent: false });
    upstream.on('upgrade', (answer, socket, head) => {
      client.socket.write(statusLine(answer));
      client.socket.write(head);
      socket.write(client.head);
      void joined(client.socket, socket).then(resolve);
    });
    upstream.on('response', (answer) => {
      client.socket.write(statusLine(answer, 'Connection: close\r\n'));
      pipeline(answer, client.socket).then(resolve, () => resolve());
    });
    upstream.on('error', (error) => reject(unreachable(error)));
    client.socket.on('close', () => upstream.destroy());
    upstream.end();
  });
}

/** The connection of someone who asked for an upgrade. */
export interface Client {
  readonly socket: Duplex;
  readonly head: Buffer;
}

async function joined(left: Duplex, right: Duplex): Promise<void> {
  await Promise.allSettled([pipeline(left, right), pipeline(right, left)]);
}

function statusLine({ statusCode = 502, statusMessage, rawHeaders }: IncomingMessage, extra = ''): string {
  const lines: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const isHop = extra !== '' && /^(connection|keep-alive|transfer-encoding)$/i.test(name);
    if (!isHop) lines.push(`${name}: ${rawHeaders[index + 1]}\r\n`);
  }
  const reason = statusMessage ?? STATUS_CODES[statusCode] ?? '';
  return `HTTP/1.1 ${statusCode} ${reason}\r\n${lines.join('')}${extra}\r\n`;
}

function unreachable(cause: Error): AppError {
  return new AppError('bad_gateway', 502, `It could not be reached: ${cause.message}`, { cause });
}
