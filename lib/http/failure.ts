// The one mapper from errors to answers, and the one place that logs them.
import { isNativeError } from 'node:util/types';
import type { Log } from '../log';
import { AppError } from '../errors';
import type { Response } from './message';

export interface FailedRequest {
  readonly id: string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** The reason with which a request's signal aborts when its client is gone; nobody reads the answer. */
export function clientGone(): AppError {
  return new AppError('client_gone', 499, 'The client closed the connection.');
}

export function failure(error: unknown, request: FailedRequest): Response {
  const failed = reasonOf(error, request.signal);
  logOnce(failed, request);
  return errorResponse(failed, request.id);
}

/** What waits, and is told to stop, has not failed by itself: why it was told so is the answer. */
function reasonOf(error: unknown, { reason }: AbortSignal): unknown {
  const isStopped = isNativeError(error) && error.name === 'AbortError';
  return isStopped && reason instanceof AppError ? reason : error;
}

/** Below 500 the message is shown; from 500 on only what `details.body` allows. */
export function errorResponse(error: unknown, requestId: string): Response {
  if (!(error instanceof AppError)) {
    const body = { error: 'Unexpected Error', detailed_error: `Internal error. Request id: ${requestId}` };
    return { status: 500, body };
  }
  const { body, headers, retryAfterSeconds } = error.details;
  return {
    status: error.status,
    headers: {
      ...(error.status === 401 && { 'www-authenticate': 'Basic realm="api"' }),
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(Math.ceil(retryAfterSeconds)) }),
      ...headers,
    },
    body: isBody(body) ? body : defaultBody(error, requestId),
  };
}

function defaultBody({ status, message }: AppError, requestId: string): object {
  return status < 500 ? { detail: message } : { detail: 'Internal error.', request_id: requestId };
}

function isBody(body: unknown): body is string | object {
  return typeof body === 'string' || (typeof body === 'object' && body !== null);
}

function logOnce(error: unknown, { id: requestId, log, signal }: FailedRequest): void {
  if (error instanceof AppError && error.status < 500) log.debug('request refused', { requestId, error });
  else if (isClientGone(signal)) log.warn('request failed after its client was gone', { requestId, error });
  else log.error('request failed', { requestId, error });
}

export function isClientGone({ reason }: AbortSignal): boolean {
  return reason instanceof AppError && reason.code === 'client_gone';
}
