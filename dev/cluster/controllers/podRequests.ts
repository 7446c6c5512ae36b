// What a pod asks of a node: its containers together, or its hungriest init container.
import { parseQuantity } from './quantity';
import type { Pod, Values } from './wire';

export type Amounts = Readonly<Record<string, number>>;

type Containers = Pod['spec']['containers'];

export function podRequests({ spec }: Pod): Amounts {
  const init = spec.initContainers ?? [];
  const sidecars = init.filter(({ restartPolicy }) => restartPolicy === 'Always');
  const running = addUp([...spec.containers, ...sidecars].map(requestsOf));
  const peaks = init.map(requestsOf).reduce(highest, running);
  return addUp([peaks, amountsOf(spec.overhead), { pods: 1 }]);
}

export function addUp(all: readonly Amounts[]): Amounts {
  return all.reduce((total, each) => combine(total, each, (a, b) => a + b), {});
}

export function amountsOf(quantities: Values | undefined = {}): Amounts {
  return Object.fromEntries(Object.entries(quantities).map(([name, text]) => [name, parseQuantity(text)]));
}

/** Without a request, the limit is the request. */
function requestsOf({ resources }: Containers[number]): Amounts {
  return amountsOf({ ...resources?.limits, ...resources?.requests });
}

function highest(a: Amounts, b: Amounts): Amounts {
  return combine(a, b, Math.max);
}

function combine(a: Amounts, b: Amounts, merge: (a: number, b: number) => number): Amounts {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, merge(a[name] ?? 0, b[name] ?? 0)]));
}
