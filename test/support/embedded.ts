// What only the embedded cluster offers to a test: faults at chosen API requests, and the list of those that were made.
import type { Cluster } from '../../dev/cluster/cluster';
import { DOCUMENT_NAME } from '../../lib/logHandlers/document';
import { eventually } from './eventually';
import type { FunctionProcess } from './functionProcess';
import type { World } from './world';

export type Embedded = Pick<Cluster, 'faults' | 'requests'>;
export type FaultRule = Parameters<Embedded['faults']['inject']>[0];

export function embeddedOf({ cluster }: World): Embedded {
  if (cluster.embedded === undefined) throw new Error('this test needs the embedded cluster');
  return cluster.embedded;
}

/** Every request but those by which a function follows its log handlers, which come when they come. */
export const OWN_REQUESTS = { name: new RegExp(`^(?!${DOCUMENT_NAME}$)`) };

/** `create configmaps` for each API request while `work` ran; nobody else may ask meanwhile. Watches are renewed by the clock and not counted. */
export async function requestsDuring(world: World, work: () => Promise<unknown>): Promise<readonly string[]> {
  const { requests } = embeddedOf(world);
  const before = requests().length;
  await work();
  return requests()
    .slice(before)
    .filter(({ verb, name }) => verb !== 'watch' && OWN_REQUESTS.name.test(name))
    .map(({ verb, resource }) => `${verb} ${resource}`);
}

/** Until an instance answers from its cache. */
export async function untilWarm(world: World, services?: FunctionProcess): Promise<void> {
  const { send } = world.hubOf('hub-a', services);
  await eventually(async () => {
    const requests = await requestsDuring(world, async () => send('GET', '/api/services/'));
    return requests.length === 0 ? true : undefined;
  });
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
