// What only the embedded cluster offers to a test: faults at chosen API requests, and the list of those that were made.
import type { Cluster } from '../../dev/cluster/cluster';
import type { World } from './world';

export type Embedded = Pick<Cluster, 'faults' | 'requests'>;
export type FaultRule = Parameters<Embedded['faults']['inject']>[0];

export function embeddedOf({ cluster }: World): Embedded {
  if (cluster.embedded === undefined) throw new Error('this test needs the embedded cluster');
  return cluster.embedded;
}

/** `POST configmaps` for each API request while `work` ran; nobody else may ask meanwhile. */
export async function requestsDuring(world: World, work: () => Promise<unknown>): Promise<readonly string[]> {
  const { requests } = embeddedOf(world);
  const before = requests().length;
  await work();
  return requests()
    .slice(before)
    .map(({ verb, resource }) => `${verb} ${resource}`);
}

/** Runs `work` while a rule is in force; tells whether it struck. */
export async function withFault<T>(
  world: World,
  rule: Omit<FaultRule, 'effect'> & { readonly effect: FaultRule['effect'] },
  work: () => Promise<T>,
): Promise<T> {
  const remove = embeddedOf(world).faults.inject(rule);
  try {
    return await work();
  } finally {
    remove();
  }
}
