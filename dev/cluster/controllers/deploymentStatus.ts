// A Deployment's status as its ReplicaSets give it, with the conditions that `kubectl rollout status` and `wait` read.
import { conditionOf, withCondition, withoutCondition } from './conditions';
import { specReplicas, sum } from './deploymentPlan';
import type { Deployment, ReplicaSet } from './wire';
import { timestamp } from '../timestamp';

type Status = NonNullable<Deployment['status']>;
type DeploymentCondition = NonNullable<Status['conditions']>[number];

export interface Observed {
  readonly newest: ReplicaSet | undefined;
  readonly all: readonly ReplicaSet[];
  readonly now: Date;
}

export function deploymentStatus(deployment: Deployment, observed: Observed): Status {
  const counts = countReplicas(observed);
  const status: Status = {
    observedGeneration: deployment.metadata.generation,
    ...counts,
    unavailableReplicas: Math.max(0, sum(observed.all, specReplicas) - counts.availableReplicas) || undefined,
    collisionCount: deployment.status?.collisionCount,
  };
  return { ...status, conditions: conditions(deployment, status, observed) };
}

/** Milliseconds after which a rollout that stands still is too late. */
export function msUntilDeadline(deployment: Deployment, status: Status, now: Date): number | undefined {
  const progressing = conditionOf(status.conditions, 'Progressing');
  if (progressing?.status !== 'True' || progressing.reason === 'NewReplicaSetAvailable') return undefined;
  return Math.max(0, deadlineOf(deployment, progressing) - now.getTime());
}

function countReplicas({ newest, all }: Observed): Required<Counts> {
  return {
    replicas: sum(all, ({ status }) => status?.replicas ?? 0),
    updatedReplicas: newest?.status?.replicas ?? 0,
    readyReplicas: sum(all, ({ status }) => status?.readyReplicas ?? 0),
    availableReplicas: sum(all, ({ status }) => status?.availableReplicas ?? 0),
    terminatingReplicas: sum(all, ({ status }) => status?.terminatingReplicas ?? 0),
  };
}

interface Counts {
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly terminatingReplicas: number;
}

function conditions(deployment: Deployment, status: Status, observed: Observed): readonly DeploymentCondition[] {
  const now = timestamp(observed.now);
  const before = deployment.status?.conditions ?? [];
  const set = (list: readonly DeploymentCondition[], condition: DeploymentCondition): DeploymentCondition[] =>
    withCondition(list, { lastUpdateTime: updateTime(list, condition, now), ...condition }, now);
  const withAvailable = set(before, availableCondition(deployment, status));
  const withProgress = set(withAvailable, progressingCondition(deployment, status, observed));
  const failure = observed.all.map((each) => conditionOf(each.status?.conditions, 'ReplicaFailure')).find(Boolean);
  if (failure === undefined) return withoutCondition(withProgress, 'ReplicaFailure');
  const { type, status: state, reason, message } = failure;
  return set(withProgress, { type, status: state, reason, message });
}

function updateTime(list: readonly DeploymentCondition[], next: DeploymentCondition, now: string): string {
  const before = conditionOf(list, next.type);
  return before?.status === next.status && before.reason === next.reason ? (before.lastUpdateTime ?? now) : now;
}

function availableCondition({ spec }: Deployment, { availableReplicas = 0 }: Status): DeploymentCondition {
  const enough = availableReplicas >= minimumAvailable(spec);
  return {
    type: 'Available',
    status: enough ? 'True' : 'False',
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: enough ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
  };
}

function minimumAvailable({ replicas = 1, strategy }: Deployment['spec']): number {
  if (strategy?.type === 'Recreate') return replicas;
  const allowed = strategy?.rollingUpdate?.maxUnavailable ?? '25%';
  const count = typeof allowed === 'number' ? allowed : Math.floor((Number.parseInt(allowed, 10) * replicas) / 100);
  return replicas - Math.min(replicas, count);
}

function progressingCondition(deployment: Deployment, status: Status, observed: Observed): DeploymentCondition {
  const { newest, now } = observed;
  const name = newest?.metadata.name ?? '';
  const type = 'Progressing';
  const before = conditionOf(deployment.status?.conditions, type);
  if (isComplete(deployment, status)) {
    const message = `ReplicaSet "${name}" has successfully progressed.`;
    return { type, status: 'True', reason: 'NewReplicaSetAvailable', message };
  }
  if (before === undefined) {
    return { type, status: 'True', reason: 'NewReplicaSetCreated', message: `Created new replica set "${name}"` };
  }
  if (hasProgressed(deployment.status, status)) {
    const message = `ReplicaSet "${name}" is progressing.`;
    return { type, status: 'True', reason: 'ReplicaSetUpdated', message, lastUpdateTime: timestamp(now) };
  }
  if (before.reason === 'ProgressDeadlineExceeded' || now.getTime() < deadlineOf(deployment, before)) return before;
  const message = `ReplicaSet "${name}" has timed out progressing.`;
  return { type, status: 'False', reason: 'ProgressDeadlineExceeded', message };
}

function isComplete(deployment: Deployment, { replicas, updatedReplicas, availableReplicas }: Status): boolean {
  const desired = deployment.spec.replicas ?? 1;
  return [replicas, updatedReplicas, availableReplicas].every((count) => count === desired);
}

function hasProgressed(before: Status | undefined, after: Status): boolean {
  const grew = (field: 'updatedReplicas' | 'readyReplicas' | 'availableReplicas'): boolean =>
    (after[field] ?? 0) > (before?.[field] ?? 0);
  const old = (status?: Status): number => (status?.replicas ?? 0) - (status?.updatedReplicas ?? 0);
  const isNewTemplate = conditionOf(before?.conditions, 'Progressing')?.reason === 'NewReplicaSetAvailable';
  return (
    isNewTemplate ||
    grew('updatedReplicas') ||
    grew('readyReplicas') ||
    grew('availableReplicas') ||
    old(after) < old(before)
  );
}

function deadlineOf({ spec }: Deployment, { lastUpdateTime }: DeploymentCondition): number {
  return Date.parse(lastUpdateTime ?? '') + (spec.progressDeadlineSeconds ?? 600) * 1000;
}
