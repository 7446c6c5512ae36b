// What a container of a pod is run with, and how something is told about it.
import type { Occurrence } from '../controllers/occurrence';
import type { Container } from './environment';
import type { ContainerFault } from './faults';
import type { Folders } from './mounts';
import type { PodContext } from './podContext';

export interface ContainerRun {
  readonly context: PodContext;
  readonly container: Container;
  readonly folders: Folders;
  /** Whether it is started again after this exit code. */
  readonly restarts: (exitCode: number) => boolean;
  /** Told when its startup probe is content: what comes after a sidecar may begin. */
  readonly onStarted?: (() => void) | undefined;
}

/** The container was made, but its program cannot be started: an attempt that fails at once. */
export interface StartFault {
  readonly fault: ContainerFault;
}

export function recordOn({ record }: PodContext, { name }: Container, occurrence: Occurrence): void {
  record({ ...occurrence, fieldPath: `spec.containers{${name}}` });
}
