// The verbs against the embedded cluster, in-process.
import { Readable } from 'node:stream';
import { createCluster } from '../../../dev/cluster/cluster';
import type { KubeObject } from '../../../lib/kube/objects';
import { createKube } from '../../../lib/kube/kube';

const cluster = createCluster({ controllers: true, kubelet: 'none' });
const kube = createKube(cluster.transport);
const call = { signal: AbortSignal.timeout(20_000) };
const configMap = (name: string, data = {}, labels = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', labels },
  data,
});
const ref = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name });

const uidOf = async (name: string): Promise<string> => (await kube.get(ref(name), call))?.metadata?.uid ?? '';

afterAll(async () => cluster.stop());

test('an object goes there and back', async () => {
  const created = await kube.create(configMap('round', { a: '1' }), call);
  expect(created.metadata).toMatchObject({ name: 'round', uid: expect.any(String) });
  await expect(kube.get(ref('round'), call)).resolves.toMatchObject({ data: { a: '1' } });
  await expect(kube.mergePatch(ref('round'), { data: { a: null, b: '2' } }, call)).resolves.toMatchObject({
    data: { b: '2' },
  });
});

test('what is not there is a value, not a failure', async () => {
  await expect(kube.get(ref('nowhere'), call)).resolves.toBeUndefined();
  await expect(kube.mergePatch(ref('nowhere'), {}, call)).resolves.toBeUndefined();
  await expect(kube.delete(ref('nowhere'), { uid: 'x' }, call)).resolves.toBe(false);
  await expect(kube.log({ namespace: 'default', name: 'nowhere' }, {}, call)).resolves.toBeUndefined();
});

test('a name that is taken fails with its reason as code', async () => {
  await kube.create(configMap('taken'), call);
  await expect(kube.create(configMap('taken'), call)).rejects.toMatchObject({ code: 'already_exists', status: 500 });
});

test('a creation is tried without making anything', async () => {
  await expect(kube.tryCreate(configMap('tried'), call)).resolves.toBeUndefined();
  await expect(kube.get(ref('tried'), call)).resolves.toBeUndefined();
  await expect(kube.tryCreate(configMap('taken'), call)).rejects.toMatchObject({ code: 'already_exists' });
  await expect(kube.tryCreate(configMap('Wrong'), call)).rejects.toMatchObject({ code: 'invalid' });
});

test('only the object with the given uid is deleted', async () => {
  const { metadata }: KubeObject = await kube.create(configMap('precise'), call);
  await expect(kube.delete(ref('precise'), { uid: 'another' }, call)).resolves.toBe(false);
  await expect(kube.delete(ref('precise'), { uid: metadata?.uid ?? '' }, call)).resolves.toBe(true);
});

test('apply makes and changes', async () => {
  await kube.apply(configMap('applied', { a: '1' }), call);
  await expect(kube.apply(configMap('applied', { a: '2' }), call)).resolves.toMatchObject({ data: { a: '2' } });
});

test('a selection is listed page by page and deleted at once', async () => {
  const collection = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', labelSelector: 'set=many' };
  await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].map(async (name) => kube.create(configMap(`many-${name}`, {}, { set: 'many' }), call)),
  );
  const pages: string[][] = [];
  for await (const page of kube.pages({ ...collection, limit: 2 }, call))
    pages.push(page.map(({ metadata }) => metadata?.name ?? ''));
  expect(pages).toEqual([['many-a', 'many-b'], ['many-c', 'many-d'], ['many-e']]);
  const { value, repeated } = await kube.deleteAll(collection, call);
  expect([value.length, repeated]).toEqual([5, false]);
  await expect(kube.list(collection, call)).resolves.toMatchObject({ items: [] });
});

test('a list that takes longer than its state is kept goes on in the present one', async () => {
  const collection = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', labelSelector: 'set=slow' };
  for (const name of ['a', 'b', 'c']) await kube.create(configMap(`slow-${name}`, {}, { set: 'slow' }), call);
  const rest = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: -1, start: 'default\0slow-a' })).toString(
    'base64url',
  );
  const expired = { kind: 'Status', reason: 'Expired', code: 410, metadata: { continue: rest } };
  const match = { verb: 'list' } as const;
  const repairs = [
    cluster.faults.inject({ match, at: 2, effect: { status: 410, body: expired } }),
    // A page is asked for while the one before it is worked on.
    cluster.faults.inject({ match, at: 3, effect: { delayMs: 200 } }),
  ];
  const pages: (string | undefined)[][] = [];
  for await (const page of kube.pages({ ...collection, limit: 1 }, call)) {
    pages.push(page.map(({ metadata }) => metadata?.name));
    if (pages.length === 1) await kube.delete(ref('slow-b'), { uid: await uidOf('slow-b') }, call);
  }
  for (const repair of repairs) repair();

  expect(pages).toEqual([['slow-a'], ['slow-c']]);
});

test('a list that cannot go on fails', async () => {
  const collection = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', labelSelector: 'set=slow' };
  const repair = cluster.faults.inject({ match: { verb: 'list' }, at: 2, times: 9, effect: { status: 410 } });
  const all = async (): Promise<void> => {
    for await (const page of kube.pages({ ...collection, limit: 1 }, call)) expect(page).toHaveLength(1);
  };

  await expect(all()).rejects.toMatchObject({ details: { fields: { apiStatus: 410 } } });
  repair();
});

test('metadata alone is listed without what the objects hold', async () => {
  await kube.create(configMap('bare', { much: 'x' }, { set: 'bare' }), call);
  const selection = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', labelSelector: 'set=bare' };

  const { items } = await kube.list({ ...selection, metadataOnly: true }, call);

  expect(items).toMatchObject([{ metadata: { name: 'bare' } }]);
  expect(items[0]).not.toHaveProperty('data');
});

test('a list of nothing is empty, also where an API server writes null', async () => {
  const answer = Buffer.from('{"kind":"PartialObjectMetadataList","metadata":{"resourceVersion":"7"},"items":null}');
  const server = createKube(async () => Promise.resolve({ status: 200, headers: {}, body: Readable.from([answer]) }));
  const listed = await server.list({ apiVersion: 'v1', kind: 'Secret', namespace: 'default' }, call);
  expect(listed).toMatchObject({ items: [], resourceVersion: '7' });
});

describe('when the API server fails', () => {
  afterEach(() => cluster.faults.clear());

  test('a lost answer is found out by the repeat', async () => {
    cluster.faults.inject({
      match: { verb: 'create', resource: 'configmaps' },
      at: 1,
      effect: { reset: true, after: true },
    });
    await expect(kube.create(configMap('lost'), call)).rejects.toMatchObject({ code: 'already_exists' });
    await expect(kube.get(ref('lost'), call)).resolves.toBeDefined();
  });

  test('a cluster that stays away is told as such, without a trace of the request', async () => {
    cluster.faults.inject({ match: {}, effect: { reset: true } });
    await expect(kube.get(ref('any'), call)).rejects.toMatchObject({
      code: 'cluster_unreachable',
      status: 503,
      message: 'The cluster could not be reached.',
      details: { retryAfterSeconds: 5 },
    });
  });

  test('the time of the caller ends a call', async () => {
    cluster.faults.inject({ match: {}, effect: { delayMs: 5_000 } });
    await expect(kube.get(ref('any'), { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({
      code: 'cluster_timeout',
    });
  });
});

test('a kind that is not known is refused before anything is sent', async () => {
  await expect(kube.get({ apiVersion: 'example.com/v1', kind: 'Widget', name: 'x' }, call)).rejects.toMatchObject({
    code: 'unknown_kind',
  });
});
