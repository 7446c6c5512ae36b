// The cache beside an in-process cluster: what it shows, when it keeps silent, and that own writes are never contradicted.
import { createCluster } from '../../../../dev/cluster/cluster';
import { createCache, type Cache } from '../../../../functions/services/cache/cache';
import { createKube } from '../../../../lib/kube/kube';
import { createLog } from '../../../../lib/log';
import { anchorManifest } from '../../../../lib/services/anchor';
import { anchorSelector, type Sought } from '../../../../lib/services/names';
import { eventually } from '../../../support/eventually';

const cluster = createCluster({ controllers: false });
const kube = createKube(cluster.transport);
const call = { signal: AbortSignal.timeout(60_000) };
const log = createLog({ level: 'error', name: 'x' });
const caches: Cache[] = [];

const sought = (servername: string) => ({ credential: 'hub', servername });
const namesOf = (cache: Cache, what: Sought) => cache.look(what)?.anchors.map(({ start }) => start.servername);

function cacheOf(seconds = 30): Cache {
  const file = { services: { watch_cache: { max_age_seconds: seconds } } };
  const cache = createCache({ kube, log, settings: { namespace: 'default', file } });
  caches.push(cache);
  return cache;
}

async function warmCache(): Promise<Cache> {
  const cache = cacheOf();
  cache.warm();
  await eventually(async () => cache.look({ credential: 'hub' }), 5);
  return cache;
}

async function untilShown(cache: Cache, what: Sought, names: readonly string[]): Promise<void> {
  await eventually(async () => (namesOf(cache, what)?.join(' ') === names.join(' ') ? true : undefined), 5);
}

async function create(servername: string): Promise<string> {
  const record = { startId: '1', service: 's', userId: 1, userOptions: {}, digest: 'd' };
  const start = { ...sought(servername), ...record, startDate: `2026-11-20T15:56:38.${servername}Z` };
  return (await kube.create(anchorManifest(start, 'default'), call)).metadata?.uid ?? '';
}

async function remove(servername: string): Promise<void> {
  const labelSelector = anchorSelector(sought(servername));
  await kube.deleteAll({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', labelSelector }, call);
}

afterEach(() => {
  for (const cache of caches.splice(0)) cache.stop();
});

afterAll(async () => cluster.stop());

it('shows nothing before it is warm, and nothing ever when it is off', async () => {
  const [cold, off] = [cacheOf(), cacheOf(0)];
  off.warm();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect([cold.look(sought('a')), off.look(sought('a'))]).toEqual([undefined, undefined]);
});

it('shows what a credential has, and what a name stands for', async () => {
  await create('a');
  const cache = await warmCache();
  await create('b');
  await untilShown(cache, { credential: 'hub' }, ['a', 'b']);
  expect(namesOf(cache, sought('a'))).toEqual(['a']);
  expect(namesOf(cache, { credential: 'another' })).toEqual([]);
  await remove('a');
  await remove('b');
  await untilShown(cache, { credential: 'hub' }, []);
});

it('shows the same until something changes', async () => {
  await create('c');
  const cache = await warmCache();
  const sight = cache.look(sought('c'));
  expect(cache.look(sought('c'))).toBe(sight);
  await create('d');
  await eventually(async () => namesOf(cache, sought('d'))?.[0], 5);
  expect(cache.look(sought('c'))).toBe(sight);
  await remove('c');
  await untilShown(cache, sought('c'), []);
  await remove('d');
});

it('never shows what this process has removed, nor misses what it made', async () => {
  const cache = await warmCache();
  for (let time = 0; time < 50; time += 1) {
    const uid = await cache.during(sought('e'), async () => {
      const created = await create('e');
      expect(cache.look(sought('e'))).toBeUndefined();
      return { result: created, traces: [`put ${created}`] };
    });
    expect(namesOf(cache, sought('e'))).toEqual(['e']);
    await cache.during(sought('e'), async () => {
      await remove('e');
      return { result: undefined, traces: [`removed ${uid}`] };
    });
    expect(namesOf(cache, sought('e'))).toEqual([]);
    expect(namesOf(cache, { credential: 'hub' })).toEqual([]);
  }
});

it('wakes who waits for a name', async () => {
  const cache = await warmCache();
  const controller = new AbortController();
  const changes = cache.changes(sought('f'), controller.signal)[Symbol.asyncIterator]();
  await changes.next();
  const changed = changes.next();
  await create('f');
  expect((await changed).done).toBe(false);
  expect(namesOf(cache, sought('f'))).toEqual(['f']);
  controller.abort();
  expect((await changes.next()).done).toBe(true);
  await remove('f');
});
