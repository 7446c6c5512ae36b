// What an answer of the jobs function, or of that of archives, means for who asked. Pure.
import { AppError } from '../../lib/errors';
import { isRecord } from '../../lib/record';
import type { Delivery } from './delivery';

export type Outcome =
  /**
   * `refused` is for good and the sender's to mend, `failed` may be for good, `unavailable` passes, `busy` passes and holds up
   * nobody else, `unready` is the operator's to mend.
   */
  | { readonly is: 'done' }
  | { readonly is: 'refused' | 'failed' | 'unavailable' | 'busy' | 'unready'; readonly reason: string };

export interface Answer {
  readonly status: number;
  /** It was said when to ask again. */
  readonly isForLater: boolean;
  readonly body: unknown;
}

type Sent = Pick<Delivery, 'to' | 'method' | 'isOwnKey'>;

const MAX_REASON = 1_000;
const RETRY_SECONDS = 5;
/** Ours is wrong, or nobody is there: no message is to blame. 401: the token that this function was given. */
const MAY_PASS = new Set([401, 408, 425, 429, 502, 503, 504]);
/** Theirs, and not those of a gateway, or of a wrong address. */
const NO_JOB = 'Job not found';
const NO_CLAIM = /^There is no claim /;

export function outcomeOf(answer: Answer, sent: Sent): Outcome {
  const { status, isForLater } = answer;
  const detail = detailOf(answer);
  if (isDone(answer, sent)) return { is: 'done' };
  const reason = `${status}: ${detail ?? 'It gave no reason.'}`.slice(0, MAX_REASON);
  if (status === 409 && isForLater) return { is: 'busy', reason };
  if (MAY_PASS.has(status) || isSomebodyElses(answer, sent)) return { is: 'unavailable', reason };
  return { is: status < 500 ? 'refused' : 'failed', reason };
}

export function isNoJob(answer: Answer): boolean {
  return answer.status === 404 && detailOf(answer) === NO_JOB;
}

/** What is gone need not be cancelled; and what was made under other settings is made. */
function isDone(answer: Answer, { to, method, isOwnKey }: Sent): boolean {
  const { status, isForLater } = answer;
  if (status >= 200 && status < 300) return true;
  if (method === 'DELETE') return isNoJob(answer);
  return to === 'jobs' && isOwnKey && status === 409 && !isForLater;
}

/** What stands in front of the function has answered, or is there in its place. */
function isSomebodyElses(answer: Answer, { to }: Sent): boolean {
  const { status } = answer;
  if (status === 404) return to === 'jobs' || !NO_CLAIM.test(detailOf(answer) ?? '');
  return status < 400 || status === 405;
}

function detailOf({ body }: Answer): string | undefined {
  return isRecord(body) && typeof body['detail'] === 'string' ? body['detail'] : undefined;
}

/** To who waits for the answer. */
export function unavailable(detail: string, cause: unknown): AppError {
  return new AppError('jobs_unavailable', 503, detail, { cause, retryAfterSeconds: RETRY_SECONDS, body: { detail } });
}
