// One request to the API server: sent, read whole, parsed, and every failure translated.
import { Readable } from 'node:stream';
import type { AppError } from '../errors';
import { deadlineError, statusError, unreachableError, type FailedCall } from './errors';
import { withRetries, type Attempt, type Patience } from './retry';
import type { Transport, TransportResponse } from './transport';

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly contentType?: string;
  /** How the answer is wanted; plain JSON when absent. */
  readonly accept?: string;
}

/** Sends with retries; the parsed JSON answer comes with whether an earlier attempt may have taken effect. */
export type Send = (request: Exchange, call: Patience) => Promise<Attempt<unknown>>;
/** The same for answers that are text. */
export type SendText = (request: Exchange, call: Patience) => Promise<Attempt<string>>;

const JSON_TYPE = 'application/json';

export function sender(transport: Transport): { readonly send: Send; readonly sendText: SendText } {
  const sendText: SendText = async (request, patience) =>
    withRetries(async () => text(transport, request, patience.signal), patience);
  const send: Send = async (request, call) => {
    const { value, repeated } = await sendText(request, call);
    return { value: JSON.parse(value) as unknown, repeated };
  };
  return { send, sendText };
}

async function text(transport: Transport, request: Exchange, signal: AbortSignal): Promise<string> {
  return readText(request, await openAnswer(transport, request, signal), signal);
}

/** The answer to a request that was not refused, its body still to come; a refusal is an error. */
export async function openAnswer(
  transport: Transport,
  request: Exchange,
  signal: AbortSignal,
): Promise<TransportResponse> {
  const response = await answered(transport, request, signal);
  if (response.status < 300) return response;
  const refusal = { httpStatus: response.status, retryAfter: response.headers['retry-after'] };
  throw statusError(callOf(request), { ...refusal, body: await readText(request, response, signal) });
}

async function readText(request: Exchange, { body }: TransportResponse, signal: AbortSignal): Promise<string> {
  try {
    return Buffer.concat(await collect(body)).toString('utf8');
  } catch (error) {
    throw brokenError(request, error, signal);
  }
}

/** By its events: iterating a stream costs as much as the request that it answers. */
async function collect(body: TransportResponse['body']): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  if (!(body instanceof Readable)) {
    for await (const chunk of body) chunks.push(chunk);
    return chunks;
  }
  return new Promise((resolve, reject) => {
    body
      .on('data', (chunk: Uint8Array) => chunks.push(chunk))
      .on('end', () => resolve(chunks))
      .on('error', reject);
  });
}

/** What a connection that broke means for the call. */
export function brokenError(request: Exchange, error: unknown, { aborted }: AbortSignal): AppError {
  return aborted ? deadlineError(callOf(request), error) : unreachableError(callOf(request), error);
}

function callOf({ method, path }: Exchange): FailedCall {
  return { verb: method, path };
}

async function answered(transport: Transport, request: Exchange, signal: AbortSignal): Promise<TransportResponse> {
  const { method, path, body, contentType = JSON_TYPE, accept = JSON_TYPE } = request;
  const headers = { accept, ...(body !== undefined && { 'content-type': contentType }) };
  try {
    return await transport({
      method,
      path,
      headers,
      signal,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    throw brokenError(request, error, signal);
  }
}
