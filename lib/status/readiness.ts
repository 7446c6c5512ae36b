// Was the service ever ready, and how long may it still take? Read from signs that outlive the readiness itself,
// so that a probe that fails later does not turn a service back into a start.
import type { ConditionState } from './conditions';
import { conditionOf } from './conditions';
import type { Deployment, StartRecord } from './observed';
import type { PodState } from './pods';
import type { Policy } from './policy';
import { after, latest, timeOf } from './times';

export interface Readiness {
  /** The current pod was ready at some time. */
  readonly wasReady: boolean;
  /** The service was ready at some time, perhaps with another pod. */
  readonly wasAvailable: boolean;
  /** When the start timeout strikes; Infinity = never. */
  readonly deadline: number;
}

export interface StartTimes {
  readonly beganAt: number;
  readonly completedAt: number | undefined;
  readonly readyAt: number | undefined;
}

export interface DeploymentState {
  readonly isDeleting: boolean;
  readonly isScaledDown: boolean;
  readonly replicaFailure: ConditionState;
  readonly progressing: ConditionState;
  readonly available: ConditionState;
}

interface Signs {
  readonly policy: Policy;
  readonly start: StartTimes;
  readonly deployment: DeploymentState | undefined;
  readonly pod: PodState | undefined;
}

/** The Deployment controller's word for a rollout that became ready; it stays when the pods do not. */
const ROLLED_OUT = 'NewReplicaSetAvailable';

export function startTimes({ beganAt, completedAt, readyAt }: StartRecord): StartTimes {
  return { beganAt: latest(timeOf(beganAt)), completedAt: timeOf(completedAt), readyAt: timeOf(readyAt) };
}

export function deploymentState({ metadata = {}, spec = {}, status = {} }: Deployment): DeploymentState {
  return {
    isDeleting: Boolean(metadata.deletionTimestamp),
    isScaledDown: spec.replicas === 0,
    replicaFailure: conditionOf(status.conditions, 'ReplicaFailure'),
    progressing: conditionOf(status.conditions, 'Progressing'),
    available: conditionOf(status.conditions, 'Available'),
  };
}

export function readinessOf(signs: Signs): Readiness {
  const { start, deployment, pod } = signs;
  const rolledOutAt = deployment?.progressing.reason === ROLLED_OUT ? deployment.progressing.updatedAt : undefined;
  const availableAt = latest(start.readyAt, rolledOutAt);
  const wasAvailable = availableAt > 0;
  const wasReady = pod !== undefined && wasPodReady(pod, availableAt);
  const isStarting = pod ? !wasReady : !wasAvailable;
  return { wasReady, wasAvailable, deadline: isStarting ? deadlineOf(signs) : Infinity };
}

function wasPodReady(pod: PodState, availableAt: number): boolean {
  if (pod.isReady || (availableAt > 0 && availableAt >= pod.createdAt)) return true;
  // Ready is False from before the first container starts; a change after that means it was True in between.
  const startedAt = pod.containers.find(({ role }) => role === 'main')?.startedAt ?? Infinity;
  return (pod.ready.changedAt ?? 0) > startedAt;
}

/** Every pod gets the whole time: one that replaces a lost pod days later, too. */
function deadlineOf({ policy, start, deployment, pod }: Signs): number {
  if (policy.startTimeoutSeconds === 0) return Infinity;
  const from = latest(start.beganAt, pod ? pod.createdAt : deployment?.progressing.updatedAt);
  return after(from, policy.startTimeoutSeconds);
}
