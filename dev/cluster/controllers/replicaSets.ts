// Keeps as many pods as a ReplicaSet asks for.
import { PODS, REPLICA_SETS, type Client } from './client';
import { conditionOf, withCondition, withoutCondition } from './conditions';
import type { RecordEvent } from './events';
import { keysOfKind, parseKey } from './ownership';
import { isActive, isReady, msUntilAvailable } from './podState';
import { createPod, deletePod, messageOf } from './podTemplate';
import type { Controller } from './reconcile';
import { planReplicas } from './replicaSetPlan';
import type { Pod, ReplicaSet } from './wire';
import { timestamp } from '../timestamp';

export interface ControllerContext {
  readonly client: Client;
  readonly record: RecordEvent;
  readonly clock: () => Date;
}

type Status = NonNullable<ReplicaSet['status']>;

export function replicaSets(context: ControllerContext): Controller {
  return {
    name: 'replicaset',
    keysOf: (event) => keysOfKind('ReplicaSet', event),
    reconcile: (key) => {
      const { namespace, name } = parseKey(key);
      const replicaSet = context.client.get(REPLICA_SETS, namespace, name);
      if (replicaSet === undefined || replicaSet.metadata.deletionTimestamp !== undefined) return undefined;
      const failure = attempt(() => applyPlan(context, replicaSet));
      const again = writeStatus(context, replicaSet, failure);
      if (failure !== undefined) throw failure;
      return again;
    },
  };
}

function attempt(work: () => void): Error | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function podsOf(client: Client, replicaSet: ReplicaSet): readonly Pod[] {
  return client.controlledBy(PODS, replicaSet);
}

function applyPlan({ client, record }: ControllerContext, owner: ReplicaSet): void {
  const { template } = owner.spec;
  const plan = planReplicas(podsOf(client, owner), owner.spec.replicas ?? 1);
  for (const pod of plan.remove) deletePod(client, record, { owner, pod });
  if (template === undefined) return;
  for (let created = 0; created < plan.create; created += 1) createPod(client, record, { owner, template });
}

/** Answers when a ready pod will count as available. */
function writeStatus(context: ControllerContext, replicaSet: ReplicaSet, failure?: Error): number | undefined {
  const now = context.clock();
  const pods = podsOf(context.client, replicaSet);
  const { minReadySeconds = 0 } = replicaSet.spec;
  const waits = pods.filter(isActive).map((pod) => msUntilAvailable(pod, minReadySeconds, now));
  const active = pods.filter(isActive);
  const status: Status = {
    replicas: active.length,
    fullyLabeledReplicas: active.length,
    readyReplicas: active.filter(isReady).length,
    availableReplicas: waits.filter((wait) => wait === 0).length,
    terminatingReplicas: pods.filter((pod) => pod.metadata.deletionTimestamp !== undefined).length,
    observedGeneration: replicaSet.metadata.generation,
    conditions: conditions(replicaSet, failure, now),
  };
  context.client.modify(REPLICA_SETS, replicaSet, (latest) => ({ ...latest, status }));
  return nextWait(waits);
}

function nextWait(waits: readonly (number | undefined)[]): number | undefined {
  const pending = waits.filter((wait): wait is number => wait !== undefined && wait > 0);
  return pending.length === 0 ? undefined : Math.min(...pending);
}

/** A failure that stands is not told anew: each has other words, and writing them would wake this controller again. */
function conditions({ status }: ReplicaSet, failure: Error | undefined, now: Date): Status['conditions'] {
  if (failure === undefined) return withoutCondition(status?.conditions, 'ReplicaFailure');
  if (conditionOf(status?.conditions, 'ReplicaFailure') !== undefined) return status?.conditions;
  const message = messageOf(failure);
  const condition = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message };
  return withCondition(status?.conditions, condition, timestamp(now));
}
