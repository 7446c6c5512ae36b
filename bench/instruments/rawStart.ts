// The floor of a start: the very objects that the function posted, posted again one after another over one warm connection.
import type { KubeObject } from '../../lib/kube/objects';
import type { Bed } from './bed';
import type { Client } from './client';
import type { DescriptionName } from './descriptions';
import type { Recorded } from './recorder';

export interface RawStart {
  /** Posts the objects under another name, over the given connection. */
  readonly run: (client: Client, name: string) => Promise<void>;
  /** Collections that hold what either side made. */
  readonly collections: readonly string[];
  /** What either side does, for people. */
  readonly note: string;
}

interface Creation {
  readonly path: string;
  readonly object: KubeObject;
}

/** Needs to be part of the names of all objects, and of nothing else. */
const PROBE = 'probe0000';

/**
 * Records one start of `description`. With the anchor the raw side posts what our side posts;
 * without it only what the caller asked for: the Secret and the objects of the description.
 */
export async function recordStart(bed: Bed, description: DescriptionName, withAnchor: boolean): Promise<RawStart> {
  const recorded = bed.hub({ isRecorded: true });
  const records = await bed.recorder.during(async () => recorded.start(PROBE, description));
  await recorded.stop(PROBE);
  const creations = records.filter(({ method }) => method === 'POST').map(toCreation);
  const [anchor, ...dependents] = creations;
  if (anchor === undefined || anchor.object.kind !== 'ConfigMap')
    throw new Error('the first object of a start is no anchor');
  const raw = withAnchor ? postOwned(anchor, dependents) : postUnowned(dependents);
  const collections = [...new Set(creations.map(({ path }) => path))];
  return { run: raw, collections, note: describe(records, withAnchor ? creations : dependents) };
}

function postOwned(anchor: Creation, dependents: readonly Creation[]): RawStart['run'] {
  return async (client, name) => {
    const { path, object } = renamed(anchor, name);
    const created = (await client.expect('POST', path, { body: object })) as KubeObject;
    const uid = created.metadata?.uid ?? '';
    for (const dependent of dependents) {
      const { path: at, object: owned } = renamed(dependent, name);
      const ownerReferences = owned.metadata?.ownerReferences?.map((reference) => ({ ...reference, uid }));
      const metadata = { ...owned.metadata, ownerReferences };
      await client.expect('POST', at, { body: { ...owned, metadata } });
    }
  };
}

function postUnowned(dependents: readonly Creation[]): RawStart['run'] {
  const unowned = dependents.map(({ path, object }) => {
    const { ownerReferences: _owners, ...metadata } = object.metadata ?? {};
    return { path, object: { ...object, metadata } };
  });
  return async (client, name) => {
    for (const creation of unowned) {
      const { path, object } = renamed(creation, name);
      await client.expect('POST', path, { body: object });
    }
  };
}

function toCreation({ path, body }: Recorded): Creation {
  return { path, object: JSON.parse(body) as KubeObject };
}

function renamed({ path, object }: Creation, name: string): Creation {
  return { path, object: JSON.parse(JSON.stringify(object).replaceAll(PROBE, name)) as KubeObject };
}

function describe(records: readonly Recorded[], raw: readonly Creation[]): string {
  const ours = records.map(({ method, path }) => `${method} ${path.replace(/[?].*/, '').split('/').at(-1)}`);
  const floor = raw.map(({ object }) => object.kind ?? '');
  return `ours ${ours.length} API requests (${ours.join(', ')}); raw ${floor.length} POSTs (${floor.join(', ')})`;
}
