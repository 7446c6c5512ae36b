// The embedded Kubernetes API: one function from request to response, in this process.
import { AppError } from '../../../lib/errors';
import type { Transport, TransportRequest, TransportResponse } from '../../../lib/kube/transport';
import type { Store } from '../store';
import { toResponse, type Answer } from './answer';
import type { Api } from './context';
import { discover } from './discovery/discover';
import type { FaultInjector } from './faults';
import type { PodLogs } from './podLogs';
import { createHistory, type History } from './read/history';
import { createPager } from './read/paging';
import { isResourceRequest, parseRequest, type ApiRequest } from './request';
import { route } from './route';
import { badRequest, failureError, statusError } from './status';

export interface ApiOptions {
  readonly store: Store;
  readonly clock: () => Date;
  readonly podLogs: PodLogs;
  readonly faults: FaultInjector;
}

export const MAX_BODY_BYTES = 3 * 1024 * 1024;

export interface RunningApi {
  readonly transport: Transport;
  readonly history: History;
  /** Ends all watches and followed logs. */
  readonly stop: () => void;
}

export function createApi({ store, clock, podLogs, faults }: ApiOptions): RunningApi {
  const running = new AbortController();
  const history = createHistory(store);
  const api: Api = { store, history, pager: createPager(), clock, podLogs, ended: running.signal };
  const transport: Transport = async (request) => {
    request.signal.throwIfAborted();
    const parsed = parseSafely(request);
    if (parsed instanceof AppError) return failed(parsed);
    faults.record(parsed, clock());
    return await faults.pass(parsed, async () => await respond(api, parsed));
  };
  return { transport, history, stop: () => running.abort() };
}

async function respond(api: Api, request: ApiRequest): Promise<TransportResponse> {
  try {
    return toResponse(await answer(api, request));
  } catch (error) {
    return failed(error instanceof AppError ? error : internalError(error));
  }
}

async function answer(api: Api, request: ApiRequest): Promise<Answer> {
  if (Buffer.byteLength(request.body) > MAX_BODY_BYTES) throw tooLarge();
  return isResourceRequest(request) ? await route(api, request) : discover(request);
}

function parseSafely(request: TransportRequest): ApiRequest | AppError {
  try {
    return parseRequest(request);
  } catch (error) {
    return error instanceof AppError ? error : badRequest(`invalid request path: ${request.path}`);
  }
}

function failed(error: AppError): TransportResponse {
  const { status, details } = error;
  return toResponse({ status, headers: { ...details.headers }, body: details.body as object });
}

/** A mistake of this program; a developer who sees it should learn what it was. */
function internalError(error: unknown): AppError {
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return statusError('InternalError', `Internal error occurred: ${cause}`, 500);
}

function tooLarge(): AppError {
  const message = `Request entity too large: limit is ${MAX_BODY_BYTES}`;
  return failureError({ reason: 'RequestEntityTooLarge', message, code: 413, details: {} });
}
