// What the kubelet knows of a pod's containers, written into the pod's status at every change.
import { isDeepStrictEqual } from 'node:util';
import { PODS, type Client } from '../controllers/client';
import type { Pod } from '../controllers/wire';
import { podStatus, type ContainerStatus } from './podStatus';
import type { Container } from './environment';

export interface Failure {
  readonly reason: string;
  readonly message: string;
}

export interface StatusBoard {
  readonly get: (container: string) => ContainerStatus;
  readonly set: (container: string, change: Partial<ContainerStatus>) => void;
  /** Volumes and network are there. */
  readonly sandboxIsReady: () => void;
  /** From now on nothing is started again. */
  readonly end: (failure?: Failure) => void;
}

export function createStatusBoard(client: Client, pod: Pod, clock: () => Date): StatusBoard {
  const { containers, initContainers = [] } = pod.spec;
  const waiting = initContainers.length > 0 ? 'PodInitializing' : 'ContainerCreating';
  const initial = (container: Container): [string, ContainerStatus] => [
    container.name,
    waitingStatus(container, waiting),
  ];
  const statuses = new Map([...initContainers, ...containers].map(initial));
  let isEnding = false;
  let hasSandbox = false;
  let failure: Failure | undefined;

  const get = (name: string): ContainerStatus => statuses.get(name) ?? waitingStatus({ name }, waiting);
  const write = (): void => {
    const init = initContainers.map(({ name }) => get(name));
    const main = containers.map(({ name }) => get(name));
    const observed = { init, main, hasSandbox, isEnding, failure, now: clock() };
    client.modify(PODS, pod, (latest) => ({ ...latest, status: podStatus(latest, observed) }));
  };
  write();
  return {
    get,
    set: (name, change) => {
      const next = { ...get(name), ...change };
      if (isDeepStrictEqual(next, get(name))) return;
      statuses.set(name, next);
      write();
    },
    sandboxIsReady: () => {
      hasSandbox = true;
      write();
    },
    end: (why) => {
      isEnding = true;
      failure = why;
      write();
    },
  };
}

function waitingStatus({ name, image = '' }: Container, reason: string): ContainerStatus {
  const state = { waiting: { reason } };
  return { name, state, lastState: {}, ready: false, started: false, restartCount: 0, image, imageID: '' };
}
