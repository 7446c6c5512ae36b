// The contract's error body `{error, detailed_error}`: a hub shows both to the user, as HTML and unescaped.
import { AppError } from '../../lib/errors';
import { escapeHtml } from '../../lib/html';

const MAX_DETAIL_LENGTH = 2000;

/** A refusal is final; anything with status 503 may succeed when repeated. */
export function isRefusal(error: unknown): boolean {
  return !(error instanceof AppError) || error.status !== 503;
}

/**
 * Wraps what went wrong as `{error: summary, detailed_error}`; input errors (400) keep the shape that the contract has for them.
 * Only AppErrors speak to the caller: any other text may hold paths or secrets.
 */
export function operationError(summary: string, error: unknown): AppError {
  if (error instanceof AppError && error.status === 400) return error;
  const known =
    error instanceof AppError ? error : new AppError('internal_error', 500, 'Unexpected error.', { cause: error });
  const detail = escapeHtml(known.message.slice(0, MAX_DETAIL_LENGTH));
  return new AppError(known.code, known.status, known.message, {
    ...known.details,
    cause: error,
    body: { error: summary, detailed_error: detail },
  });
}

/** One error for several that happened side by side; it may be repeated only if each of them may. */
export function combined(errors: readonly unknown[]): unknown {
  const refusals = errors.filter(isRefusal);
  const [first] = refusals.length > 0 ? refusals : errors;
  const others = (refusals.length > 0 ? refusals : errors).slice(1);
  if (!(first instanceof AppError) || others.length === 0) return first;
  const messages = [first, ...others].map((error) => (error instanceof AppError ? error.message : 'Unexpected error.'));
  return new AppError(first.code, first.status, messages.join('\n'), {
    ...first.details,
    cause: new AggregateError(errors),
  });
}
