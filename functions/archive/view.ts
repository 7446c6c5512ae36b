// An archive as its callers see it. Pure.
import { jobState } from '../../lib/jobs/jobState';
import type { Archive, Repository } from './archive';
import type { SeenMover } from './find';
import { heldUpBy } from './operation/heldUp';
import { operationOf } from './operation/plan';
import type { Operation } from './operation/operation';

export interface Progress {
  readonly phase?: string;
  readonly files?: number;
  readonly bytes?: number;
  readonly totalFiles?: number;
  readonly totalBytes?: number;
  readonly rate?: number;
}

export interface OperationView {
  readonly verb: string;
  readonly askedAt: string;
  readonly phase: 'queued' | 'waiting' | 'running';
  readonly message: string;
  readonly claim?: string | undefined;
  readonly progress?: Progress | undefined;
}

export interface ArchiveView {
  readonly id: string;
  readonly claim: string;
  readonly user: string;
  /** What it is now: `active` as long as something is being done with it. */
  readonly phase: 'active' | 'kept' | 'failed';
  readonly [field: string]: unknown;
}

export function archiveView({ record, operation }: Archive, shown?: OperationView): ArchiveView {
  const { digest: _digest, claimUid: _uid, shape, snapshot, ...told } = record;
  return {
    ...told,
    ...(snapshot !== undefined && { snapshot }),
    size: shape.size,
    phase: operation === undefined ? restingPhase(snapshot) : 'active',
    ...(operation !== undefined && { operation: shown ?? operationView(operation, undefined) }),
  };
}

function restingPhase(snapshot: string | undefined): 'kept' | 'failed' {
  return snapshot === undefined ? 'failed' : 'kept';
}

export interface Looked {
  readonly mover: SeenMover;
  /** Why it cannot begin although nobody else is at it. */
  readonly blocked?: string | undefined;
  readonly progress?: Progress | undefined;
}

export function operationView(operation: Operation, looked: Looked | undefined): OperationView {
  const { verb, askedAt, target } = operation;
  const told = { verb, askedAt, ...(target !== undefined && !target.isScratch && { claim: target.claim }) };
  const job = looked?.mover.job;
  if (job === undefined || looked === undefined || operationOf(job) !== operation.id) {
    return { ...told, ...notBegun(job !== undefined, looked?.blocked) };
  }
  const { phase, message } = jobState(job, looked.mover.pods);
  if (!BEGUN.has(phase)) return { ...told, phase: 'waiting', message: withCause(message, looked.mover) };
  return { ...told, phase: 'running', message, ...(looked.progress && { progress: looked.progress }) };
}

function withCause(message: string, { pods }: SeenMover): string {
  return [message, heldUpBy(pods)].filter((part) => part !== undefined).join(' ');
}

const BEGUN: ReadonlySet<string> = new Set(['running', 'succeeded', 'failed']);

function notBegun(isOthersTurn: boolean, blocked: string | undefined): Pick<OperationView, 'phase' | 'message'> {
  if (blocked !== undefined) return { phase: 'waiting', message: blocked };
  const message = isOthersTurn
    ? 'Something else is being done with the archives of this user.'
    : 'It is about to be started.';
  return { phase: 'queued', message };
}

export function repositoryView({ record, operation }: Repository): object {
  const { user, generation, since, last } = record;
  return {
    user,
    key: generation,
    since,
    ...(last && { last }),
    ...(operation && { operation: operationView(operation, undefined) }),
  };
}
