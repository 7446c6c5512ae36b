// Why a container cannot be started, with the reason that its status shows.
import { AppError } from '../../../lib/errors';

export type FaultReason = 'CreateContainerConfigError' | 'CreateContainerError' | 'StartError';

export interface ContainerFault {
  readonly reason: FaultReason;
  readonly message: string;
}

export function containerFault(reason: FaultReason, message: string): AppError {
  return new AppError('container_fault', 500, message, { fields: { reason } });
}

/** Anything unforeseen is told like a failed start. */
export function faultOf(error: unknown): ContainerFault {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof AppError) || error.code !== 'container_fault') return { reason: 'StartError', message };
  const reason = error.details.fields?.['reason'];
  return { reason: isFaultReason(reason) ? reason : 'StartError', message };
}

function isFaultReason(value: unknown): value is FaultReason {
  return value === 'CreateContainerConfigError' || value === 'CreateContainerError' || value === 'StartError';
}

/** As containerd words it. */
export function startFault(what: string): AppError {
  const runc = 'OCI runtime create failed: runc create failed: unable to start container process';
  const message = `failed to create containerd task: failed to create shim task: ${runc}: ${what}: unknown`;
  return containerFault('StartError', message);
}
