// The list of a credential with 1,000 services, against the raw LIST of the same objects.
import type { KubeObject } from '../lib/kube/objects';
import { anchorSelector } from '../lib/services/names';
import type { Bed } from './instruments/bed';
import { interleave, timed } from './instruments/interleave';
import type { Finding, Measurement } from './instruments/measurement';
import { countRequests } from './instruments/requestCount';
import { compared } from './instruments/statistics';

const SERVICES = 1_000;
const SEED = 'listed0000';
const CLIENTS = 8;

export const list: Measurement = {
  name: 'list',
  summary: `API requests of a list of ${SERVICES} services, and its time against the raw LIST`,
  measure: async (bed) => {
    const path = await fill(bed);
    const recorded = bed.hub({ login: 'lister', isRecorded: true });
    const { figure, note } = await countRequests(bed, async () => recorded.list());
    const [hub, raw] = [bed.hub({ login: 'lister' }), bed.raw()];
    const listed = (await hub.list()) as readonly unknown[];
    if (listed.length !== SERVICES) throw new Error(`${listed.length} services were listed, not ${SERVICES}`);
    const { ours, floor } = await interleave(
      { ours: async () => timed(async () => hub.list()), floor: async () => timed(async () => raw.send('GET', path)) },
      { warmUp: 5, turns: 6, seconds: 15 },
    );
    return [
      { name: 'list-requests', ours: figure, limit: { of: 'ours', atMost: 1 }, note },
      {
        name: 'list',
        ...compared(ours, floor, 'ms'),
        limit: { of: 'difference', atMost: 150 },
        note: `${SERVICES} services; raw: the same LIST over one warm connection, read whole, not parsed`,
      } satisfies Finding,
    ];
  },
};

/** One real start, its anchor copied under other names; answers the path of the LIST that selects them all. */
async function fill(bed: Bed): Promise<string> {
  await bed.hub({ login: 'lister' }).start(SEED, 'two');
  const labelSelector = encodeURIComponent(anchorSelector({ credential: 'lister' }));
  const path = `/api/v1/namespaces/${bed.api.namespace}/configmaps?labelSelector=${labelSelector}`;
  const { items } = (await bed.raw().expect('GET', path)) as { readonly items: readonly KubeObject[] };
  const [anchor] = items;
  if (anchor === undefined) throw new Error('the start left no anchor');
  const names = Array.from({ length: SERVICES - 1 }, (_, index) => `listed${String(index + 1).padStart(4, '0')}`);
  await Promise.all(Array.from({ length: CLIENTS }, async () => copyUnder(names, anchor, bed)));
  return path;
}

/** Takes names until none are left. */
async function copyUnder(names: string[], anchor: KubeObject, bed: Bed): Promise<void> {
  const client = bed.raw();
  const { labels, annotations } = anchor.metadata ?? {};
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    const metadata = { name: anchor.metadata?.name, labels, annotations };
    const copy = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: anchor['data'] });
    const object = JSON.parse(copy.replaceAll(SEED, name)) as object;
    await client.expect('POST', `/api/v1/namespaces/${bed.api.namespace}/configmaps`, { body: object });
  }
}
