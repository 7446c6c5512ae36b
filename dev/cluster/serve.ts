// The embedded cluster over HTTPS on 127.0.0.1, for kubectl and everything else that speaks Kubernetes.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { AppError } from '../../lib/errors';
import type { Transport, TransportResponse } from '../../lib/kube/transport';
import { MAX_BODY_BYTES } from './api/api';
import { gatekeeper, type Gatekeeper } from './api/server/gatekeeper';
import { writeKubeconfig } from './api/server/kubeconfig';
import { loadIdentity } from './api/server/identity';
import { protobufToJson } from './api/server/protobuf';
import { failureStatus } from './api/status';

export interface ServeOptions {
  readonly transport: Transport;
  /** Keeps the certificate authority, the token and the kubeconfig, readable by their owner only. */
  readonly stateDir: string;
  /** 0 takes a free one. */
  readonly port?: number;
}

export interface ServedCluster {
  readonly url: string;
  readonly token: string;
  /** Path of the kubeconfig file. */
  readonly kubeconfig: string;
  readonly close: () => Promise<void>;
}

/** As the real one has it: clients that ask every few seconds do not meet the end of their connection. */
const KEEP_ALIVE_MS = 90_000;

export async function serveCluster({ transport, stateDir, port = 0 }: ServeOptions): Promise<ServedCluster> {
  const identity = await loadIdentity(stateDir);
  const isWelcome = gatekeeper(identity.token);
  const server = createServer({ key: identity.key, cert: identity.certificate }, (request, response) => {
    void serveRequest({ transport, isWelcome, request, response });
  });
  server.requestTimeout = 0;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await listen(server, port);
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kubeconfig = await writeKubeconfig(stateDir, { url, token: identity.token, authority: identity.authority });
  return { url, token: identity.token, kubeconfig, close: async () => await close(server) };
}

type Headers = Readonly<Record<string, string>>;

interface Exchange {
  readonly transport: Transport;
  readonly isWelcome: Gatekeeper;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function serveRequest({ transport, isWelcome, request, response }: Exchange): Promise<void> {
  const refusal = isWelcome(request);
  if (refusal !== undefined) return refuse(response, refusal);
  const gone = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  try {
    const { method = 'GET', url: path = '/' } = request;
    const { headers, body } = readable(flatten(request.headers), await readBody(request));
    await send(response, await transport({ method, path, headers, body, signal: gone.signal }));
  } catch (error) {
    // without a status it is an injected reset or a client that went away: either way nobody is to be answered
    if (error instanceof AppError)
      refuse(response, { reason: 'BadRequest', message: error.message, code: error.status });
    else response.destroy();
  }
}

function refuse(
  response: ServerResponse,
  { reason, message, code }: { reason: string; message: string; code: number },
): void {
  response.writeHead(code, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(failureStatus({ reason, message, code })));
}

/** Reads a little more than is allowed, so that the API refuses what is too long. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  await new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      bytes += chunk.length;
    });
    request.once('end', resolve).once('error', reject);
  });
  return Buffer.concat(chunks);
}

/** The API reads JSON and YAML; typed Go clients send protobuf. */
function readable(headers: Headers, body: Buffer): { headers: Headers; body: string } {
  if (!headers['content-type']?.includes('protobuf')) return { headers, body: body.toString() };
  return { headers: { ...headers, 'content-type': 'application/json' }, body: protobufToJson(body) };
}

function flatten(headers: IncomingMessage['headers']): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value = '']) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}

async function send(response: ServerResponse, { status, headers, body }: TransportResponse): Promise<void> {
  const sent = Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined);
  response.writeHead(status, Object.fromEntries(sent));
  if (headers['content-length'] !== undefined) return await sendWhole(response, body);
  response.flushHeaders();
  await pipeline(Readable.from(body, { objectMode: false }), response);
}

/** Head and body in one piece: what most answers are. */
async function sendWhole(response: ServerResponse, body: TransportResponse['body']): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  response.end(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
