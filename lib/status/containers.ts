// The containers of a pod as the rules see them: role, what it waits for, and how it ended.
import type { ContainerStatus, Pod, Terminated, Wait } from './observed';
import { earliest, timeOf } from './times';

/** A sidecar is every other container that must stay up, also an init container that restarts always. */
export type Role = 'init' | 'sidecar' | 'main';

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly role: Role;
  readonly isReady: boolean;
  readonly isRunning: boolean;
  readonly restarts: number;
  readonly waiting?: { readonly reason: string; readonly message: string } | undefined;
  /** It has ended and is not started again yet. */
  readonly exit?: Exit | undefined;
  /** The end before the present state. */
  readonly lastExit?: Exit | undefined;
  /** The earliest start that is known, else Infinity. */
  readonly startedAt: number;
}

export interface Exit {
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
}

export function containersOf(pod: Pod, mainContainer: string): readonly Container[] {
  const { initContainers = [], containers = [] } = pod.spec ?? {};
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  const specs = new Map([...initContainers, ...containers].map((spec) => [spec.name, spec]));
  const imageOf = ({ name, image }: ContainerStatus): string => specs.get(name)?.image ?? image ?? '';
  const initRole = (name: string): Role => (specs.get(name)?.restartPolicy === 'Always' ? 'sidecar' : 'init');
  const roleOf = (name: string): Role => (name === mainContainer ? 'main' : 'sidecar');
  return [
    ...containerStatuses.map((status) => ({ ...stateOf(status), image: imageOf(status), role: roleOf(status.name) })),
    ...initContainerStatuses.map((status) => ({
      ...stateOf(status),
      image: imageOf(status),
      role: initRole(status.name),
    })),
  ].sort((a, b) => Number(b.role === 'main') - Number(a.role === 'main'));
}

function stateOf(status: ContainerStatus): Omit<Container, 'image' | 'role'> {
  const { name, ready = false, restartCount = 0, state = {}, lastState = {} } = status;
  const { waiting, running, terminated } = state;
  const exit = exitOf(terminated);
  const lastExit = exitOf(lastState.terminated);
  return {
    name,
    isReady: ready,
    isRunning: running !== undefined,
    restarts: restartCount,
    waiting: waiting && waitOf(waiting),
    exit,
    lastExit,
    startedAt: earliest(timeOf(running?.startedAt), exit?.startedAt, lastExit?.startedAt),
  };
}

function waitOf({ reason = '', message = '' }: Wait): NonNullable<Container['waiting']> {
  return { reason, message };
}

function exitOf(terminated: Terminated | undefined): Exit | undefined {
  return (
    terminated && {
      exitCode: terminated.exitCode,
      reason: terminated.reason ?? '',
      message: terminated.message ?? '',
      startedAt: timeOf(terminated.startedAt),
      finishedAt: timeOf(terminated.finishedAt),
    }
  );
}
