// Times starts against raw posts of the same objects, alone or many at once.
import type { Bed } from './bed';
import { interleave, timed, type InterleaveOptions } from './interleave';
import type { DescriptionName } from './descriptions';
import type { Finding } from './measurement';
import { recordStart } from './rawStart';
import { removeAll } from './removeAll';
import { compared } from './statistics';

export interface StartComparison {
  readonly name: string;
  readonly description: DescriptionName;
  /** Whether the raw side posts an anchor, too. */
  readonly withAnchor: boolean;
  /** Clients that start at the same time. */
  readonly clients: number;
  readonly atMost: number;
  readonly pace?: InterleaveOptions;
}

/** A start takes twice as long for the first hundred: what is asked is the cost of the API, not of the compiler. */
const WARM_UP = 60;

export async function compareStarts(bed: Bed, comparison: StartComparison): Promise<Finding> {
  const { name, description, withAnchor, clients, atMost, pace } = comparison;
  const raw = await recordStart(bed, description, withAnchor);
  const hubs = await warm(clients, bed.hub, async (hub) => hub.list());
  const rawClients = await warm(clients, bed.raw, async (client) => client.send('GET', '/version'));
  let count = 0;
  const nextName = (): string => `${name}${(count += 1)}`;
  const { ours, floor } = await interleave(
    {
      ours: async () => timed(async () => Promise.all(hubs.map(async (hub) => hub.start(nextName(), description)))),
      floor: async () => timed(async () => Promise.all(rawClients.map(async (client) => raw.run(client, nextName())))),
    },
    { warmUp: WARM_UP, ...pace },
  );
  await removeAll(bed.raw(), raw.collections);
  return {
    name,
    ...compared(ours, floor, 'ms'),
    limit: { of: 'ratio', atMost },
    note: `${raw.note}; after ${pace?.warmUp ?? WARM_UP} turns to warm up`,
  };
}

/** Each with its own connection, which is open before the first start. */
async function warm<T>(count: number, open: () => T, touch: (client: T) => Promise<unknown>): Promise<readonly T[]> {
  const clients = Array.from({ length: count }, () => open());
  await Promise.all(clients.map(touch));
  return clients;
}
