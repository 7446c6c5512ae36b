// Kubernetes objects of one service as the API returns them; times are seconds after the start.
import type {
  Condition,
  ContainerState,
  ContainerStatus,
  Deployment,
  KubeEvent,
  Observed,
  Pod,
} from '../../../lib/status/observed';
import type { Policy } from '../../../lib/status/policy';
import type { Verdict } from '../../../lib/status/verdict';

export interface Case {
  readonly it: string;
  readonly seen: Observed;
  /** Seconds after the start. */
  readonly at: number;
  /** Phase and reason: `failed ImagePull`. */
  readonly says: string;
  readonly more?: Partial<Verdict>;
  readonly policy?: Partial<Policy>;
}

const BEGAN = Date.parse('2026-11-20T08:00:00Z');

export function at(seconds: number): string {
  return new Date(BEGAN + seconds * 1000).toISOString().replace('.000Z', 'Z');
}

export function seen(pods: readonly Pod[], events: readonly KubeEvent[] = [], rest: Partial<Observed> = {}): Observed {
  return { start: { beganAt: at(0), completedAt: at(1) }, deployment: deployment(), pods, events, ...rest };
}

export function deployment(
  conditions: readonly Condition[] = [],
  spec: Deployment['spec'] = { replicas: 1 },
): Deployment {
  return { metadata: { name: 'deployment-main-lab-1', creationTimestamp: at(0) }, spec, status: { conditions } };
}

export function condition(typeAndStatus: string, seconds: number, why: Partial<Condition> = {}): Condition {
  const [type = '', status = ''] = typeAndStatus.split('=');
  return { type, status, lastTransitionTime: at(seconds), ...why };
}

export function rolledOut(seconds: number): Condition {
  return condition('Progressing=True', seconds, { reason: 'NewReplicaSetAvailable', lastUpdateTime: at(seconds) });
}

interface PodOptions {
  readonly name?: string;
  readonly created?: number;
  readonly node?: string;
  readonly deleted?: number;
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly conditions?: readonly Condition[];
  readonly init?: readonly ContainerStatus[];
  readonly initRestarts?: 'Always';
}

export function pod(containers: readonly ContainerStatus[], options: PodOptions = {}): Pod {
  const { name = 'lab-1-abc', created = 1, node = 'node-1', deleted, phase = 'Pending', reason, message } = options;
  const { conditions = scheduled(created + 1), init = [], initRestarts } = options;
  return {
    metadata: {
      name,
      uid: `uid-${name}`,
      creationTimestamp: at(created),
      ...(deleted !== undefined && { deletionTimestamp: at(deleted) }),
    },
    spec: {
      ...(node && { nodeName: node }),
      containers: images(containers),
      initContainers: images(init).map((spec) => ({ ...spec, restartPolicy: initRestarts })),
    },
    status: { phase, reason, message, conditions, containerStatuses: containers, initContainerStatuses: init },
  };
}

function images(statuses: readonly ContainerStatus[]): readonly { name: string; image: string }[] {
  return statuses.map(({ name }) => ({ name, image: 'registry.example/lab:1' }));
}

export function scheduled(seconds: number): readonly Condition[] {
  return [condition('PodScheduled=True', seconds), condition('Ready=False', seconds, { reason: 'ContainersNotReady' })];
}

export function ready(seconds: number, status = 'True'): readonly Condition[] {
  return [condition('PodScheduled=True', 2), condition(`Ready=${status}`, seconds)];
}

export function unschedulable(message: string, seconds = 2, reason = 'Unschedulable'): Pod {
  return pod([], { node: '', conditions: [condition('PodScheduled=False', seconds, { reason, message })] });
}

export function container(state: ContainerState, rest: Partial<ContainerStatus> = {}): ContainerStatus {
  return {
    name: 'main',
    image: 'registry.example/lab:1',
    ready: false,
    restartCount: 0,
    state,
    lastState: {},
    ...rest,
  };
}

export function waiting(reason: string, message?: string): ContainerState {
  return { waiting: { reason, ...(message && { message }) } };
}

export const running = (seconds: number): ContainerState => ({ running: { startedAt: at(seconds) } });

export function ended(exitCode: number, [from, until]: readonly [number, number], reason?: string): ContainerState {
  const fallback = exitCode === 0 ? 'Completed' : 'Error';
  return { terminated: { exitCode, reason: reason ?? fallback, startedAt: at(from), finishedAt: at(until) } };
}

export const creating = (): ContainerStatus => container(waiting('ContainerCreating'));

/** In back-off after the given end. */
export function backOff(
  end: ContainerState,
  restartCount: number,
  rest: Partial<ContainerStatus> = {},
): ContainerStatus {
  const state = waiting('CrashLoopBackOff', 'back-off 20s restarting failed container=main pod=lab-1-abc_hub');
  return container(state, { restartCount, lastState: end, ...rest });
}

export function event(
  [reason, message]: readonly [string, string],
  seconds: number,
  rest: Partial<KubeEvent> = {},
): KubeEvent {
  return {
    metadata: { name: `lab-1-abc.${reason}.${seconds}`, creationTimestamp: at(seconds) },
    involvedObject: { kind: 'Pod', name: 'lab-1-abc', uid: 'uid-lab-1-abc', fieldPath: 'spec.containers{main}' },
    type: 'Warning',
    reason,
    message,
    count: 1,
    firstTimestamp: at(seconds),
    lastTimestamp: at(seconds),
    ...rest,
  };
}

export function normal(text: readonly [string, string], seconds: number, rest: Partial<KubeEvent> = {}): KubeEvent {
  return event(text, seconds, { type: 'Normal', ...rest });
}
