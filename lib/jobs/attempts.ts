// The attempts of a job are its pods. Pure.
import type { Pod } from '../status/observed';

/** The oldest first. */
export function inOrder<T extends Pod>(pods: readonly T[]): readonly T[] {
  return pods.toSorted((a, b) => createdAt(a).localeCompare(createdAt(b)));
}

export function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

function createdAt({ metadata }: Pod): string {
  return metadata?.creationTimestamp ?? '';
}
