// Who asks for an id that is taken: it is their own request once more, or another one.
import { AppError } from '../../lib/errors';
import type { KubeObject } from '../../lib/kube/objects';
import { ANNOTATIONS, LABELS } from '../../lib/labels';
import { shortHash } from '../../lib/naming';

export interface Asking {
  readonly id: string;
  readonly credential: string;
  readonly request: { readonly name?: string | undefined };
  readonly digest: string;
}

/** A repeat of the request that made it gets what there is; nobody else does. */
export function isSameRequest({ metadata }: KubeObject, { credential, digest }: Asking): boolean {
  const { labels, annotations } = metadata ?? {};
  return annotations?.[ANNOTATIONS.digest] === digest && labels?.[LABELS.credential] === shortHash(credential);
}

export function conflictOf({ id, request }: Asking): AppError {
  const detail =
    request.name === undefined
      ? 'This Idempotency-Key stands for another job.'
      : `name: ${id} is taken by another request. Choose another name.`;
  return new AppError('conflict', 409, detail);
}

/** Nobody else will make it, and who asks once more shall not take it for made. */
export function neverRan({ id, request }: Asking): AppError {
  const [what, other] =
    request.name === undefined ? ['What this Idempotency-Key stands for', 'key'] : [`name: ${id}`, 'name'];
  const detail = `${what} never ran: its submission was interrupted, and it was given up. Submit it under another ${other}.`;
  return new AppError('never_ran', 422, detail);
}

/** Somebody has deleted what had this id, and Kubernetes is at it: it would take this one for the other. */
export function stillGoing(cause: unknown): AppError {
  const detail = 'A job of this id is being removed. Try again.';
  return new AppError('conflict', 503, detail, { cause, body: { detail }, retryAfterSeconds: 1 });
}
