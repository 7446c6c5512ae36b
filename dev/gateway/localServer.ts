// The gateway's own listening side: this machine only, requests and upgraded connections alike, errors as JSON.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError } from '../../lib/errors';
import { forwardRequest, forwardUpgrade, type Client, type Target } from './forward';
import { isLocal } from './local';

export interface LocalServer {
  readonly port: number;
  /** Takes nothing new; what runs goes on. */
  readonly close: () => void;
  readonly cut: () => void;
}

/** Finds where a request leads, and keeps that alive while `work` runs. */
export type ToTarget = (request: IncomingMessage, work: (target: Target) => Promise<void>) => Promise<void>;

export interface Directions {
  readonly toTarget: ToTarget;
  /** Answers a request that is made later by itself; false when it is none. */
  readonly takeAsync: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
}

/** Code of an error that a client learns of by nothing but the end of its connection. */
export const BROKEN = 'broken';

export async function startLocalServer(wantedPort: number, directions: Directions): Promise<LocalServer> {
  const server = createServer({ requestTimeout: 0 });
  const sockets = trackSockets(server);
  const port = await listen(server, wantedPort);

  server.on('request', (request, response) => {
    if (isLocal(request.headers, port)) void answerRequest(directions, request, response);
    else sendError(foreign(), response);
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (isLocal(request.headers, port)) void answerUpgrade(directions, request, { socket, head });
    else refuseUpgrade(foreign(), socket);
  });
  return {
    port,
    close: () => void server.close(),
    cut() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function answerRequest(
  { toTarget, takeAsync }: Directions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    if (await takeAsync(request, response)) return;
    await toTarget(request, (target) => forwardRequest(target, request, response));
  } catch (error) {
    sendError(error, response);
  }
}

async function answerUpgrade({ toTarget }: Directions, request: IncomingMessage, client: Client): Promise<void> {
  try {
    await toTarget(request, (target) => forwardUpgrade(target, request, client));
  } catch (error) {
    refuseUpgrade(error, client.socket);
  }
}

function sendError(error: unknown, response: ServerResponse): void {
  if (response.headersSent || (error instanceof AppError && error.code === BROKEN)) {
    response.destroy();
    return;
  }
  const detail = error instanceof Error ? error.message : String(error);
  const headers = error instanceof AppError ? error.details.headers : undefined;
  response.writeHead(statusOf(error), { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ detail }));
}

function refuseUpgrade(error: unknown, socket: Duplex): void {
  socket.end(`HTTP/1.1 ${statusOf(error)} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function statusOf(error: unknown): number {
  return error instanceof AppError ? error.status : 500;
}

function foreign(): AppError {
  return new AppError('foreign_request', 403, 'This gateway answers this machine only: open it as 127.0.0.1.');
}

function trackSockets(server: Server): ReadonlySet<Duplex> {
  const sockets = new Set<Duplex>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return sockets;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
