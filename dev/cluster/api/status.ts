// Failures as Kubernetes tells them: an AppError whose body is a `Status` object.
import { AppError } from '../../../lib/errors';
import { qualifiedName, type ResourceType } from '../resources';

export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

/** A cause that points at a field. */
export interface FieldCause extends StatusCause {
  readonly field: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

export interface Failure {
  /** Empty where Kubernetes gives none. */
  readonly reason: string;
  readonly message: string;
  readonly code: number;
  readonly details?: StatusDetails;
  /** For lists: a token that goes on from here (410 Expired). */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** The `Status` object of a failure, as it is sent. */
export function failureStatus({ reason, message, code, details, metadata = {} }: Failure): object {
  const told = details === undefined ? {} : { details };
  const why = reason === '' ? {} : { reason };
  return { kind: 'Status', apiVersion: 'v1', metadata, status: 'Failure', message, ...why, ...told, code };
}

export function failureError(failure: Failure): AppError {
  const snakeCase = failure.reason.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
  const { retryAfterSeconds } = failure.details ?? {};
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return new AppError(snakeCase, failure.code, failure.message, { body: failureStatus(failure), headers });
}

export function statusError(reason: string, message: string, code: number): AppError {
  return failureError({ reason, message, code });
}

export function notFound(type: ResourceType, name: string): AppError {
  const message = `${qualifiedName(type)} "${name}" not found`;
  return failureError({ reason: 'NotFound', message, code: 404, details: detailsOf(type, name) });
}

export function alreadyExists(type: ResourceType, name: string): AppError {
  const message = `${qualifiedName(type)} "${name}" already exists`;
  return failureError({ reason: 'AlreadyExists', message, code: 409, details: detailsOf(type, name) });
}

export function conflict(type: ResourceType, name: string, why: string): AppError {
  const message = `Operation cannot be fulfilled on ${qualifiedName(type)} "${name}": ${why}`;
  return failureError({ reason: 'Conflict', message, code: 409, details: detailsOf(type, name) });
}

export function forbidden(type: ResourceType, name: string, why: string): AppError {
  const message = `${qualifiedName(type)} "${name}" is forbidden: ${why}`;
  return failureError({ reason: 'Forbidden', message, code: 403, details: detailsOf(type, name) });
}

export function badRequest(message: string): AppError {
  return statusError('BadRequest', message, 400);
}

type GroupKind = Pick<ResourceType, 'group' | 'kind'>;

/** 422: every fault with its field path, one after another in the message as the real server writes them. */
export function invalid({ group, kind }: GroupKind, name: string, causes: readonly FieldCause[]): AppError {
  const qualified = group === '' ? kind : `${kind}.${group}`;
  const faults = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const list = faults.length === 1 ? `${faults[0]}` : `[${faults.join(', ')}]`;
  const details = { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind, causes };
  return failureError({ reason: 'Invalid', message: `${qualified} "${name}" is invalid: ${list}`, code: 422, details });
}

type Options = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions' | 'ListOptions';

/** 422: what the query or body asks for cannot be had, or not together. */
export function invalidOptions(kind: Options, cause: FieldCause): AppError {
  return invalid({ group: 'meta.k8s.io', kind }, '', [cause]);
}

/** What a failure's details say about the object: the resource's plural under `kind`, as the real server does. */
function detailsOf(type: ResourceType, name: string): StatusDetails {
  return { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.plural };
}
