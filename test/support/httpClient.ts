// One HTTP request of a test, sent exactly as written: any bytes, any framing, no redirect followed.
import { request as open } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Buffer;
  /** Without Content-Length, in pieces. */
  readonly chunked?: boolean;
  readonly timeoutMs?: number;
}

export interface Target {
  readonly origin: string;
  readonly path: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly bytes: Buffer;
  /** The body as JSON; undefined when it is none. */
  readonly body: unknown;
}

const TIMEOUT_MS = 60_000;
const PIECE_BYTES = 64 * 1024;

/** `path` goes out untouched: a URL would lose its dots. */
export async function sendRequest(method: string, { origin, path }: Target, sent: Sent = {}): Promise<Answer> {
  const { json, raw = json === undefined ? '' : JSON.stringify(json), chunked = false } = sent;
  const payload = Buffer.from(raw);
  const headers: Record<string, string | number> = {
    ...(json !== undefined && { 'content-type': 'application/json' }),
  };
  if (chunked) headers['transfer-encoding'] = 'chunked';
  else if (payload.length > 0) headers['content-length'] = payload.length;
  const signal = AbortSignal.timeout(sent.timeoutMs ?? TIMEOUT_MS);
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    // What the server no longer reads breaks the pipe; its answer is what counts.
    const outgoing = open(
      origin,
      { method, path, agent: false, signal, headers: { ...headers, ...sent.headers } },
      resolve,
    );
    outgoing.on('error', reject);
    for (const piece of pieces(payload, chunked ? PIECE_BYTES : payload.length)) outgoing.write(piece);
    outgoing.end();
  });
  const bytes = await buffer(incoming);
  const text = bytes.toString('utf8');
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, text, bytes, body: parsed(text) };
}

function pieces(payload: Buffer, size: number): readonly Buffer[] {
  const count = size === 0 ? 0 : Math.ceil(payload.length / size);
  return Array.from({ length: count }, (_, index) => payload.subarray(index * size, (index + 1) * size));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
