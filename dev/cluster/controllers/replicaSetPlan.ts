// How many pods a ReplicaSet must create, and which it must end.
import { isActive, isReady } from './podState';
import type { Pod } from './wire';

export interface ReplicaSetPlan {
  readonly create: number;
  readonly remove: readonly Pod[];
}

export function planReplicas(pods: readonly Pod[], replicas: number): ReplicaSetPlan {
  const active = pods.filter(isActive);
  const surplus = Math.max(0, active.length - replicas);
  return { create: Math.max(0, replicas - active.length), remove: active.toSorted(byLeastLoss).slice(0, surplus) };
}

/** First those that do the least: not on a node, not running, not ready, then the youngest. */
function byLeastLoss(a: Pod, b: Pod): number {
  return rank(a) - rank(b) || b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp);
}

function rank(pod: Pod): number {
  if (pod.spec.nodeName === undefined) return 0;
  if (pod.status?.phase !== 'Running') return 1;
  return isReady(pod) ? 3 : 2;
}
