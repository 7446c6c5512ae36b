// Which numbered pods of a StatefulSet are created or ended next: upwards one by one, downwards from the last.
import { isFinished, isReady } from './podState';
import type { Pod, StatefulSet } from './wire';

export interface StatefulSetPlan {
  readonly create: readonly number[];
  readonly remove: readonly Pod[];
}

const NOTHING: StatefulSetPlan = { create: [], remove: [] };

export function planStatefulSet(
  { metadata, spec }: StatefulSet,
  pods: readonly Pod[],
  isCurrent: (pod: Pod) => boolean,
): StatefulSetPlan {
  const ordinals = Array.from({ length: spec.replicas ?? 1 }, (_, index) => index + (spec.ordinals?.start ?? 0));
  const byName = new Map(pods.map((pod) => [pod.metadata.name, pod]));
  const podOf = (ordinal: number): Pod | undefined => byName.get(`${metadata.name}-${ordinal}`);
  const wanted = new Set(ordinals.map(podOf));
  const failed = pods.filter((pod) => isFinished(pod) && pod.metadata.deletionTimestamp === undefined);
  if (failed.length > 0) return { create: [], remove: failed };

  const isParallel = spec.podManagementPolicy === 'Parallel';
  const missing = ordinals.filter((ordinal) => podOf(ordinal) === undefined);
  const surplus = pods.filter((pod) => !wanted.has(pod)).toSorted((a, b) => ordinalOf(b) - ordinalOf(a));
  if (isParallel && missing.length + surplus.length > 0) return { create: missing, remove: living(surplus) };

  const firstUnready = ordinals.find((ordinal) => !isSettled(podOf(ordinal)));
  if (firstUnready !== undefined)
    return podOf(firstUnready) ? replaceBroken(podOf(firstUnready), isCurrent) : { create: [firstUnready], remove: [] };
  if (surplus.length > 0) return { create: [], remove: living(surplus.slice(0, 1)) };
  if (spec.updateStrategy?.type === 'OnDelete') return NOTHING;
  const outdated = ordinals
    .toReversed()
    .flatMap((ordinal) => podOf(ordinal) ?? [])
    .filter((pod) => !isCurrent(pod));
  return { create: [], remove: outdated.slice(0, 1) };
}

function ordinalOf({ metadata }: Pod): number {
  return Number(metadata.name.slice(metadata.name.lastIndexOf('-') + 1));
}

function isSettled(pod: Pod | undefined): boolean {
  return pod !== undefined && isReady(pod) && pod.metadata.deletionTimestamp === undefined;
}

function living(pods: readonly Pod[]): readonly Pod[] {
  return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** A pod that never got ready is not kept back from its update. */
function replaceBroken(pod: Pod | undefined, isCurrent: (pod: Pod) => boolean): StatefulSetPlan {
  return pod === undefined || isCurrent(pod) ? NOTHING : { create: [], remove: living([pod]) };
}
