// Translates what an API server (or the way to it) reports into AppErrors, once, at the door.
import { AppError } from '../errors';

/** The `Status` object of a failed request. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
interface Status {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: { readonly retryAfterSeconds?: number };
  /** Of a list whose state is no longer kept: the token that goes on in the present one. */
  readonly metadata?: { readonly continue?: string };
}

export interface FailedCall {
  readonly verb: string;
  readonly path: string;
}

const RETRY_AFTER_SECONDS = 5;

/** How a request was refused. */
export interface Refusal {
  readonly httpStatus: number;
  /** The Retry-After header, in seconds. */
  readonly retryAfter: string | undefined;
  readonly body: string;
}

/** `code` is the API's reason in snake_case (`already_exists`, `forbidden`, `invalid`, ...); `message` is the API's own sentence. */
export function statusError(call: FailedCall, refusal: Refusal): AppError {
  const { httpStatus } = refusal;
  const status = parseStatus(refusal.body);
  const code = snakeCase(status.reason ?? (httpStatus >= 500 ? 'InternalError' : 'Unknown'));
  const isUnavailable = httpStatus === 429 || httpStatus >= 500 || isLostRace(call, code);
  const askedSeconds = askedPause(status, refusal);
  const { verb, path } = call;
  return new AppError(code, isUnavailable ? 503 : 500, status.message ?? `the API server answered ${httpStatus}`, {
    fields: { verb, path, apiStatus: httpStatus, askedSeconds, goesOnWith: status.metadata?.continue },
    ...(isUnavailable && { retryAfterSeconds: askedSeconds || RETRY_AFTER_SECONDS }),
  });
}

/** 0 when the server did not ask for a pause. */
function askedPause({ details }: Status, { retryAfter }: Refusal): number {
  return Number(retryAfter ?? details?.retryAfterSeconds ?? 0) || 0;
}

/** Creates that race for a quota conflict on the quota's object; each of them is right to try again. */
function isLostRace({ verb }: FailedCall, code: string): boolean {
  return verb === 'POST' && code === 'conflict';
}

/** No answer could be had: refused, reset, DNS, TLS. Whether the request took effect is unknown. */
export function unreachableError(call: FailedCall, cause: unknown): AppError {
  return new AppError('cluster_unreachable', 503, 'The cluster could not be reached.', {
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    fields: { verb: call.verb, path: call.path },
  });
}

/** The time of the request was used up before the cluster answered. */
export function deadlineError(call: FailedCall, cause: unknown): AppError {
  return new AppError('cluster_timeout', 503, 'The cluster did not answer in time.', {
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    fields: { verb: call.verb, path: call.path },
  });
}

export function hasCode(error: unknown, ...codes: readonly string[]): error is AppError {
  return error instanceof AppError && codes.includes(error.code);
}

function parseStatus(text: string): Status {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function snakeCase(reason: string): string {
  return reason.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
}
