// After an uninstallation that shall leave nothing: what functions have made is gone, what others have made is not.
import { createCluster, type Cluster } from '../../../../dev/cluster/cluster';
import { removeEverything } from '../../../../functions/reaper/everything/removeEverything';
import { createKube, type Kube } from '../../../../lib/kube/kube';

const NAMESPACE = 'default';
const OURS = { 'app.kubernetes.io/managed-by': 'hub-functions' };
const call = { signal: new AbortController().signal };

let cluster: Cluster;
let kube: Kube;

beforeEach(() => {
  cluster = createCluster({ controllers: false });
  kube = createKube(cluster.transport);
});
afterEach(async () => cluster.stop());

async function add(kind: string, name: string, metadata: object = {}): Promise<void> {
  await kube.create({ apiVersion: 'v1', kind, metadata: { name, namespace: NAMESPACE, ...metadata } }, call);
}

async function names(kind: string): Promise<readonly string[]> {
  const { items } = await kube.list({ apiVersion: 'v1', kind, namespace: NAMESPACE }, call);
  return items.map(({ metadata }) => metadata?.name ?? '');
}

const NAMED = ['Secret/logins', 'ConfigMap/not-there'];

async function removed(patienceMs = 5_000): Promise<readonly string[]> {
  return removeEverything({ kube, namespace: NAMESPACE, named: NAMED, patienceMs });
}

it('leaves nothing of ours, and all of others', async () => {
  await add('ConfigMap', 'anchor', { labels: OURS });
  await add('ConfigMap', 'somebodys', { labels: { 'app.kubernetes.io/managed-by': 'Helm' } });
  await add('Secret', 'key', { labels: OURS });
  await add('Secret', 'logins');
  await add('Secret', 'somebodys');

  expect(await removed()).toEqual([]);

  expect(await names('ConfigMap')).toContain('somebodys');
  expect(await names('ConfigMap')).not.toContain('anchor');
  expect(await names('Secret')).toEqual(['somebodys']);
});

it('tells what does not go', async () => {
  await add('ConfigMap', 'held', { labels: OURS, finalizers: ['example.org/held'] });

  expect(await removed(0)).toEqual(['ConfigMap/held']);
});

it('finds nothing to do', async () => {
  expect(await removed()).toEqual([]);
});
