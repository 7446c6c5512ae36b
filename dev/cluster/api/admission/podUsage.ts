// What a pod counts for in a quota; a finished one only counts as an object.
import type { KubeObject } from '../../../../lib/kube/objects';
import { at, items } from '../json';
import { parseQuantity } from '../quantity';

const FINISHED = new Set<unknown>(['Succeeded', 'Failed']);

export function usageOfPod(pod: KubeObject): ReadonlyMap<string, number> {
  if (FINISHED.has(at(pod.status, 'phase'))) return new Map();
  const amounts = (['requests', 'limits'] as const).flatMap((list) =>
    ['cpu', 'memory'].map((name) => ({ key: `${list}.${name}`, name, amount: amountOf(pod, list, name) })),
  );
  const plain = amounts.filter(({ key }) => key.startsWith('requests.'));
  return new Map([
    ['pods', 1],
    ...amounts.map(({ key, amount }) => [key, amount] as const),
    ...plain.map(({ name, amount }) => [name, amount] as const),
  ]);
}

/** Containers run together, init containers one after another before them. */
function amountOf(pod: KubeObject, list: 'requests' | 'limits', name: string): number {
  const of = (field: string): number[] =>
    items(at(pod.spec, field)).map((container) => parseQuantity(at(container, 'resources', list, name)));
  const together = of('containers').reduce((sum, amount) => sum + amount, 0);
  return Math.max(together, ...of('initContainers'));
}
