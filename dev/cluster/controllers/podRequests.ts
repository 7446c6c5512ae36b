// What a pod asks of a node: its containers together, or its hungriest init container.
import { parseQuantity } from '../../../lib/quantity';
import type { Pod, Values } from './wire';

export type Amounts = Readonly<Record<string, number>>;

type Container = Pod['spec']['containers'][number];

export function podRequests({ spec }: Pod): Amounts {
  return addUp([peakOf(spec, requestsOf), amountsOf(spec.overhead), { pods: 1 }]);
}

export function podLimits({ spec }: Pod): Amounts {
  return peakOf(spec, ({ resources }) => amountsOf(resources?.limits));
}

/** Containers and sidecars run together, init containers one after another before them. */
function peakOf({ containers, initContainers = [] }: Pod['spec'], of: (container: Container) => Amounts): Amounts {
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always');
  return initContainers.map(of).reduce(highest, addUp([...containers, ...sidecars].map(of)));
}

export function addUp(all: readonly Amounts[]): Amounts {
  return all.reduce((total, each) => combine(total, each, (a, b) => a + b), {});
}

export function amountsOf(quantities: Values | undefined = {}): Amounts {
  return Object.fromEntries(Object.entries(quantities).map(([name, text]) => [name, parseQuantity(text)]));
}

/** Without a request, the limit is the request. */
function requestsOf({ resources }: Container): Amounts {
  return amountsOf({ ...resources?.limits, ...resources?.requests });
}

function highest(a: Amounts, b: Amounts): Amounts {
  return combine(a, b, Math.max);
}

function combine(a: Amounts, b: Amounts, merge: (a: number, b: number) => number): Amounts {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, merge(a[name] ?? 0, b[name] ?? 0)]));
}
