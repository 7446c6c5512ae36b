// How a Deployment's ReplicaSets are scaled next: the new one up, the old ones down, within surge and unavailability.
import type { Deployment, ReplicaSet } from './wire';

/** ReplicaSets that must get another number of replicas. */
export interface Scaling {
  readonly replicaSet: ReplicaSet;
  readonly replicas: number;
}

interface Limits {
  readonly desired: number;
  readonly maxSurge: number;
  readonly minAvailable: number;
}

export function planRollout(
  deployment: Deployment,
  newest: ReplicaSet,
  older: readonly ReplicaSet[],
): readonly Scaling[] {
  const limits = limitsOf(deployment);
  if (deployment.spec.strategy?.type === 'Recreate') return planRecreate(limits.desired, newest, older);
  const up = scaleUp(limits, newest, older);
  return up === undefined ? scaleDown(limits, newest, older) : [up];
}

/** While no new template may be rolled out, only the latest ReplicaSet follows `replicas`. */
export function planPaused(
  deployment: Deployment,
  latest: ReplicaSet,
  others: readonly ReplicaSet[],
): readonly Scaling[] {
  const replicas = Math.max(0, (deployment.spec.replicas ?? 1) - sum(others, specReplicas));
  return replicas === specReplicas(latest) ? [] : [{ replicaSet: latest, replicas }];
}

export function specReplicas({ spec }: ReplicaSet): number {
  return spec.replicas ?? 1;
}

export function sum(replicaSets: readonly ReplicaSet[], count: (replicaSet: ReplicaSet) => number): number {
  return replicaSets.reduce((total, replicaSet) => total + count(replicaSet), 0);
}

function limitsOf({ spec }: Deployment): Limits {
  const desired = spec.replicas ?? 1;
  const { maxSurge = '25%', maxUnavailable = '25%' } = spec.strategy?.rollingUpdate ?? {};
  const surge = resolve(maxSurge, desired, Math.ceil);
  const unavailable = Math.min(desired, resolve(maxUnavailable, desired, Math.floor));
  // Both zero would never move.
  const allowed = surge === 0 && unavailable === 0 ? 1 : unavailable;
  return { desired, maxSurge: surge, minAvailable: desired - allowed };
}

function resolve(value: number | string, total: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  return value.endsWith('%') ? round((Number.parseInt(value, 10) * total) / 100) : Number.parseInt(value, 10);
}

function planRecreate(desired: number, newest: ReplicaSet, older: readonly ReplicaSet[]): readonly Scaling[] {
  const down = older.filter((each) => specReplicas(each) > 0).map((replicaSet) => ({ replicaSet, replicas: 0 }));
  const gone = sum(older, ({ status }) => (status?.replicas ?? 0) + (status?.terminatingReplicas ?? 0)) === 0;
  if (down.length > 0 || !gone || specReplicas(newest) === desired) return down;
  return [{ replicaSet: newest, replicas: desired }];
}

function scaleUp(limits: Limits, newest: ReplicaSet, older: readonly ReplicaSet[]): Scaling | undefined {
  const { desired, maxSurge } = limits;
  const current = specReplicas(newest);
  if (current > desired) return { replicaSet: newest, replicas: desired };
  const room = desired + maxSurge - current - sum(older, specReplicas);
  const added = Math.max(0, Math.min(room, desired - current));
  return added === 0 ? undefined : { replicaSet: newest, replicas: current + added };
}

function scaleDown(limits: Limits, newest: ReplicaSet, older: readonly ReplicaSet[]): readonly Scaling[] {
  const total = specReplicas(newest) + sum(older, specReplicas);
  const newUnavailable = specReplicas(newest) - available(newest);
  const mayEnd = Math.max(0, total - limits.minAvailable - newUnavailable);
  const unhealthy = takeFrom(older, mayEnd, (each) => specReplicas(each) - available(each));
  const spare = Math.max(0, available(newest) + sum(older, available) - limits.minAvailable);
  const healthy = takeFrom(older, Math.min(spare, mayEnd - sumOf(unhealthy)), available);
  return older
    .map((replicaSet) => {
      const ended = (unhealthy.get(replicaSet) ?? 0) + (healthy.get(replicaSet) ?? 0);
      return { replicaSet, replicas: specReplicas(replicaSet) - ended };
    })
    .filter(({ replicaSet, replicas }) => replicas !== specReplicas(replicaSet));
}

/** The status may lag behind a scaling down. */
function available(replicaSet: ReplicaSet): number {
  return Math.min(specReplicas(replicaSet), replicaSet.status?.availableReplicas ?? 0);
}

function takeFrom(
  replicaSets: readonly ReplicaSet[],
  limit: number,
  count: (replicaSet: ReplicaSet) => number,
): ReadonlyMap<ReplicaSet, number> {
  let left = limit;
  const taken = new Map<ReplicaSet, number>();
  for (const replicaSet of replicaSets) {
    const share = Math.max(0, Math.min(left, count(replicaSet)));
    taken.set(replicaSet, share);
    left -= share;
  }
  return taken;
}

function sumOf(taken: ReadonlyMap<ReplicaSet, number>): number {
  return [...taken.values()].reduce((total, count) => total + count, 0);
}
