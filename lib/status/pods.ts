// A pod as the rules see it, and which of several pods is the one that serves or shall serve.
import type { ConditionState } from './conditions';
import { conditionOf } from './conditions';
import type { Container } from './containers';
import { containersOf } from './containers';
import type { Pod } from './observed';
import { latest, timeOf } from './times';

export interface PodState {
  readonly name: string;
  readonly uid: string;
  readonly isOnNode: boolean;
  readonly phase: string;
  readonly reason: string;
  readonly message: string;
  readonly createdAt: number;
  readonly scheduledAt: number;
  /** When it was, or will be, gone. */
  readonly endedAt: number;
  /** Ended or terminating: it will never serve again. */
  readonly isPast: boolean;
  readonly isReady: boolean;
  readonly ready: ConditionState;
  readonly scheduled: ConditionState;
  readonly disruption: ConditionState;
  readonly isPrepared: boolean;
  readonly containers: readonly Container[];
}

const OVER = new Set(['Failed', 'Succeeded']);

export function podState(pod: Pod, mainContainer: string): PodState {
  const { metadata = {}, spec = {}, status = {} } = pod;
  const { phase = 'Pending', reason = '', message = '', conditions } = status;
  const ready = conditionOf(conditions, 'Ready');
  const containers = containersOf(pod, mainContainer);
  return {
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    isOnNode: Boolean(spec.nodeName),
    phase,
    reason,
    message,
    isPast: Boolean(metadata.deletionTimestamp) || OVER.has(phase),
    isReady: ready.isTrue,
    ready,
    scheduled: conditionOf(conditions, 'PodScheduled'),
    disruption: conditionOf(conditions, 'DisruptionTarget'),
    isPrepared: conditionOf(conditions, 'PodReadyToStartContainers').isTrue,
    containers,
    ...timesOf(pod, containers),
  };
}

function timesOf(pod: Pod, containers: readonly Container[]): Pick<PodState, 'createdAt' | 'scheduledAt' | 'endedAt'> {
  const { metadata = {}, status = {} } = pod;
  const createdAt = latest(timeOf(metadata.creationTimestamp));
  const scheduled = conditionOf(status.conditions, 'PodScheduled');
  const disrupted = conditionOf(status.conditions, 'DisruptionTarget').changedAt;
  const finished = containers.map(({ exit }) => exit?.finishedAt);
  return {
    createdAt,
    scheduledAt: (scheduled.isTrue ? scheduled.changedAt : undefined) ?? timeOf(status.startTime) ?? createdAt,
    endedAt: latest(timeOf(metadata.deletionTimestamp), disrupted, ...finished) || createdAt,
  };
}

/** A ready pod serves whatever a newer one does; else the newest is the one to judge. Takes the newest first. */
export function currentPod(pods: readonly PodState[]): PodState | undefined {
  const live = pods.filter(({ isPast }) => !isPast);
  return live.find(({ isReady }) => isReady) ?? live[0];
}

export function newestFirst(pods: readonly PodState[]): readonly PodState[] {
  return [...pods].sort((a, b) => b.createdAt - a.createdAt || (a.name < b.name ? -1 : 1));
}
