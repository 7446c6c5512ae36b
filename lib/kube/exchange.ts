// One request to the API server: sent, read whole, parsed, and every failure translated.
import { deadlineError, statusError, unreachableError } from './errors';
import { withRetries, type Attempt } from './retry';
import type { Transport, TransportResponse } from './transport';

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly contentType?: string;
}

/** Sends with retries; the parsed JSON answer comes with whether an earlier attempt may have taken effect. */
export type Send = (request: Exchange, call: { readonly signal: AbortSignal }) => Promise<Attempt<unknown>>;
/** The same for answers that are text. */
export type SendText = (request: Exchange, call: { readonly signal: AbortSignal }) => Promise<Attempt<string>>;

const JSON_TYPE = 'application/json';

export function sender(transport: Transport): { readonly send: Send; readonly sendText: SendText } {
  const sendText: SendText = async (request, { signal }) =>
    withRetries(async () => text(transport, request, signal), signal);
  const send: Send = async (request, call) => {
    const { value, repeated } = await sendText(request, call);
    return { value: JSON.parse(value) as unknown, repeated };
  };
  return { send, sendText };
}

async function text(transport: Transport, request: Exchange, signal: AbortSignal): Promise<string> {
  const call = { verb: request.method, path: request.path };
  const response = await answered(transport, request, signal);
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of response.body) chunks.push(chunk);
  } catch (error) {
    throw signal.aborted ? deadlineError(call, error) : unreachableError(call, error);
  }
  const body = Buffer.concat(chunks).toString('utf8');
  if (response.status < 300) return body;
  throw statusError(call, { httpStatus: response.status, retryAfter: response.headers['retry-after'], body });
}

async function answered(transport: Transport, request: Exchange, signal: AbortSignal): Promise<TransportResponse> {
  const { method, path, body, contentType = JSON_TYPE } = request;
  const headers = { accept: JSON_TYPE, ...(body !== undefined && { 'content-type': contentType }) };
  try {
    return await transport({
      method,
      path,
      headers,
      signal,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    throw signal.aborted
      ? deadlineError({ verb: method, path }, error)
      : unreachableError({ verb: method, path }, error);
  }
}
