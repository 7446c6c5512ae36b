// The one error class of the project: a stable code and an HTTP status, with the text a caller may see.

export interface AppErrorDetails {
  /** What went wrong underneath; logged once, never sent. */
  readonly cause?: unknown;
  /** Seconds after which a repeat may succeed; sent as Retry-After. */
  readonly retryAfterSeconds?: number;
  /** A response body other than `{"detail": message}`, where the wire contract asks for one. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Fields for the log line: kind, namespace, name, verb. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

export class AppError extends Error {
  override readonly name = 'AppError';
  // oxlint-disable-next-line max-params -- reads as one line at each throw: code, status, text
  constructor(
    /** snake_case, stable: clients and tests match on it. */
    readonly code: string,
    /** HTTP status of the answer; below 500 the message is shown to the caller, from 500 on unless `body` says otherwise a fixed text. */
    readonly status: number,
    message: string,
    readonly details: AppErrorDetails = {},
  ) {
    super(message, { cause: details.cause });
  }
}
