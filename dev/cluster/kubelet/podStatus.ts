// A pod's phase and conditions, from the states of its containers.
import type { V1ContainerStatus } from '@kubernetes/client-node';
import { withCondition } from '../controllers/conditions';
import type { Pod, Wire } from '../controllers/wire';
import { timestamp } from '../timestamp';

export type ContainerStatus = Wire<V1ContainerStatus>;
type Status = NonNullable<Pod['status']>;
type PodCondition = NonNullable<Status['conditions']>[number];

export interface ObservedContainers {
  readonly init: readonly ContainerStatus[];
  readonly main: readonly ContainerStatus[];
  /** Volumes and network are there: containers may be made. */
  readonly hasSandbox: boolean;
  /** No container will be started again: deletion, or the pod's deadline. */
  readonly isEnding: boolean;
  /** Why the pod failed as a whole. */
  readonly failure?: { readonly reason: string; readonly message: string } | undefined;
  readonly now: Date;
}

export function podStatus(pod: Pod, observed: ObservedContainers): Status {
  const { init, main, hasSandbox, now } = observed;
  const failure = isAnyRunning([...init, ...main]) ? undefined : observed.failure;
  const phase = failure === undefined ? podPhase(pod.spec, observed) : 'Failed';
  const conditions = podConditions(pod, observed, phase).reduce<readonly PodCondition[]>(
    (list, condition) => withCondition(list, condition, timestamp(now)),
    pod.status?.conditions ?? [],
  );
  return {
    ...pod.status,
    ...failure,
    phase,
    conditions,
    hostIP: '127.0.0.1',
    hostIPs: [{ ip: '127.0.0.1' }],
    ...(hasSandbox ? { podIP: '127.0.0.1', podIPs: [{ ip: '127.0.0.1' }] } : {}),
    startTime: pod.status?.startTime ?? timestamp(now),
    initContainerStatuses: init.length === 0 ? undefined : init,
    containerStatuses: main,
  };
}

export function podPhase(spec: Pod['spec'], { init, main, isEnding }: ObservedContainers): string {
  const isOver = isEnding || spec.restartPolicy === 'Never';
  const initFailed = init.some((status) => !isSidecar(spec, status) && exitCodeOf(status) > 0);
  if (initFailed && isOver) return 'Failed';
  if (isEnding && !isAnyRunning([...init, ...main])) return endedPhase(main);
  if (!isInitialized(spec, init) || main.some(isFirstWait)) return 'Pending';
  // A pod is not over before its sidecars are.
  if (isAnyRunning([...main, ...init])) return 'Running';
  return restartsLater(spec, main) ? 'Running' : endedPhase(main);
}

function isAnyRunning(statuses: readonly ContainerStatus[]): boolean {
  return statuses.some(({ state }) => state?.running);
}

function restartsLater({ restartPolicy = 'Always' }: Pod['spec'], main: readonly ContainerStatus[]): boolean {
  if (restartPolicy === 'Always') return true;
  return main.some((status) => status.state?.waiting || (restartPolicy === 'OnFailure' && exitCodeOf(status) > 0));
}

function endedPhase(main: readonly ContainerStatus[]): string {
  return main.every(({ state }) => state?.terminated?.exitCode === 0) ? 'Succeeded' : 'Failed';
}

function isFirstWait({ state, lastState }: ContainerStatus): boolean {
  return state?.waiting !== undefined && lastState?.terminated === undefined;
}

function exitCodeOf({ state }: ContainerStatus): number {
  return state?.terminated?.exitCode ?? 0;
}

function isSidecar({ initContainers = [] }: Pod['spec'], { name }: ContainerStatus): boolean {
  return initContainers.some((container) => container.name === name && container.restartPolicy === 'Always');
}

export function isInitialized(spec: Pod['spec'], init: readonly ContainerStatus[]): boolean {
  return incompleteInit(spec, init).length === 0;
}

function hasEnded({ state, lastState }: ContainerStatus): boolean {
  return (state?.terminated ?? lastState?.terminated) !== undefined;
}

function incompleteInit(spec: Pod['spec'], init: readonly ContainerStatus[]): readonly string[] {
  const isDone = (status: ContainerStatus): boolean =>
    isSidecar(spec, status) ? status.started === true || hasEnded(status) : status.state?.terminated?.exitCode === 0;
  return init.filter((status) => !isDone(status)).map(({ name }) => name);
}

function podConditions(
  { spec }: Pod,
  { init, main, hasSandbox }: ObservedContainers,
  phase: string,
): readonly PodCondition[] {
  const incomplete = incompleteInit(spec, init);
  const sidecars = init.filter((status) => isSidecar(spec, status));
  const unready = [...sidecars, ...main].filter(({ ready }) => !ready).map(({ name }) => name);
  const isOver = phase === 'Succeeded' || phase === 'Failed';
  const isReady = unready.length === 0 && incomplete.length === 0;
  const readiness = isReady ? { status: 'True' } : notReady(unready, phase);
  return [
    { type: 'PodReadyToStartContainers', status: hasSandbox && !isOver ? 'True' : 'False' },
    { type: 'Initialized', ...initialized(incomplete, phase) },
    { type: 'Ready', ...readiness },
    { type: 'ContainersReady', ...readiness },
  ];
}

type Outcome = Omit<PodCondition, 'type'>;

function initialized(incomplete: readonly string[], phase: string): Outcome {
  if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' };
  if (incomplete.length === 0) return { status: 'True' };
  const message = `containers with incomplete status: [${incomplete.join(' ')}]`;
  return { status: 'False', reason: 'ContainersNotInitialized', message };
}

function notReady(unready: readonly string[], phase: string): Outcome {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const message = `containers with unready status: [${unready.join(' ')}]`;
  return { status: 'False', reason: 'ContainersNotReady', message };
}
