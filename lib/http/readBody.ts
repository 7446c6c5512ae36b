// Reads a body within its limit, whatever its content type and however it is framed; never more than the limit is held.
import type { IncomingMessage } from 'node:http';
import { AppError } from '../errors';

const NOTHING = Buffer.alloc(0);
/** How much of a refused body is read and forgotten, so that a client that still sends gets to read the answer. */
const LINGER_BYTES = 64 * 1024 * 1024;
const LINGER_MS = 5_000;

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Whether bytes are still to come that nobody bounds: the connection cannot be used again. */
export function hasUnboundedRest(message: IncomingMessage, limitBytes: number): boolean {
  if (message.complete || !hasBody(message)) return false;
  return !(Number(message.headers['content-length']) <= limitBytes);
}

/** 413 past the limit, 408 when the signal aborts first. */
export async function readBody(message: IncomingMessage, limitBytes: number, signal: AbortSignal): Promise<Buffer> {
  if (!hasBody(message)) return NOTHING;
  if (Number(message.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (finish: () => void): void => {
      message.off('data', onData).off('end', onEnd).pause();
      signal.removeEventListener('abort', onAbort);
      finish();
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limitBytes) settle(() => reject(tooLarge(limitBytes)));
      else chunks.push(chunk);
    };
    const onEnd = (): void => settle(() => resolve(Buffer.concat(chunks)));
    const onAbort = (): void => settle(() => reject(tooSlow(signal.reason)));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort);
    message.on('data', onData).on('end', onEnd);
  });
}

/** Reads on without keeping anything, for a bounded time and amount. */
export function discardRest(message: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let size = 0;
    const done = (): void => {
      clearTimeout(timer);
      message.off('data', onData).pause();
      resolve();
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > LINGER_BYTES) done();
    };
    const timer = setTimeout(done, LINGER_MS);
    message.on('data', onData).once('end', done).once('close', done).resume();
  });
}

function tooSlow(cause: unknown): AppError {
  return new AppError('body_timeout', 408, 'The request body did not arrive in time.', { cause });
}

function tooLarge(limitBytes: number): AppError {
  return new AppError('body_too_large', 413, `Request body exceeds the limit of ${limitBytes} bytes.`);
}
