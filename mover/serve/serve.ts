// serve: one download over HTTP, for whoever has the token; ends when it is done, or when nobody came for a while.
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from '../context';
import { Failure } from '../failure';
import { NOTHING, type Done } from '../result';
import { download, downloadQuery } from './download';
import { breakUnread, createIdleEnd, type IdleEnd } from './idle';
import { isAuthorized } from './token';

const KEEP_ALIVE_MS = 1_000;

export interface ServeOptions {
  readonly port: number;
  readonly host: string | undefined;
  readonly idleSeconds: number;
  readonly onListening: (port: number) => void;
}

export async function serve(context: Context, options: ServeOptions): Promise<Done> {
  const { signal } = context;
  const door: Door = {
    token: readToken(context.places.token),
    idle: createIdleEnd(options.idleSeconds),
    sent: undefined,
  };
  const server = createServer((request, response) => {
    breakUnread(response, options.idleSeconds);
    void admit({ context, door, request, response });
  });
  // Not `connection: close`: clients on undici (fetch) would take what breaks off for all of it.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(options.port, options.host);
  await once(server, 'listening');
  options.onListening((server.address() as AddressInfo).port);
  await Promise.race([door.idle.ended, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
  server.close();
  server.closeIdleConnections();
  if (signal.aborted) throw new Failure('Interrupted', 'The mover was told to end: ask for a new download.');
  return door.sent ?? { ...NOTHING, message: 'Nobody came for it.' };
}

interface Door {
  readonly token: string;
  readonly idle: IdleEnd;
  sent: Done | undefined;
}

interface Visit {
  readonly context: Context;
  readonly door: Door;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function admit({ context, door, request, response }: Visit): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://mover');
  if (pathname === '/healthz') return answer(response, 200, 'ok');
  if (!isAuthorized(request.headers.authorization, door.token))
    return answer(response, 401, 'The token is missing or wrong.');
  if (pathname !== '/download') return answer(response, 404, 'There is only /download.');
  if (request.method !== 'GET') return answer(response, 405, 'Only GET.');
  const query = downloadQuery(searchParams, context.request);
  if (typeof query === 'string') return answer(response, 400, query);
  const leave = door.idle.enter();
  try {
    door.sent = await download(context, query, response);
    leave('done');
  } catch (error) {
    refuse(response, error);
    leave();
  }
}

/** Where content is on its way already, only a broken connection tells that it is not all. */
function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const { reason, message } = error instanceof Failure ? error : new Failure('Unknown', 'It could not be read.');
  const isMissing = reason === 'SnapshotMissing' || reason === 'PathMissing' || reason === 'NoRepository';
  answer(response, isMissing ? 404 : 502, message);
}

function answer(response: ServerResponse, status: number, detail: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ detail }));
}

function readToken(file: string): string {
  const token = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (token === '') throw new Failure('Unknown', 'There is no token: mount it as keys/token.');
  return token;
}
