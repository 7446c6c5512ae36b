// The attempts of a job are its pods. Pure.
import type { ContainerStatus, Pod } from '../status/observed';

/** The oldest first. */
export function inOrder<T extends Pod>(pods: readonly T[]): readonly T[] {
  return pods.toSorted((a, b) => createdAt(a).localeCompare(createdAt(b)));
}

export function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** What its node lost or gave up was no attempt of the user's: Kubernetes does not count it. */
export function wasDisrupted({ status }: Pod): boolean {
  const isTarget = status?.conditions?.some(({ type, status: held }) => type === 'DisruptionTarget' && held === 'True');
  return status?.phase === 'Failed' && isTarget === true;
}

function createdAt({ metadata }: Pod): string {
  return metadata?.creationTimestamp ?? '';
}

/** In the order in which they run. */
export function containersOf({ spec }: Pod): readonly string[] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(({ name }) => name);
}

/** In the same order. */
export function statusesOf({ status }: Pod): readonly ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}
