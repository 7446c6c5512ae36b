import { resourceType } from '../../../../dev/cluster/resources';
import { AS_TABLE, configMap, createApiClient, NS, readEvents, type ApiClient, type Served } from './apiClient';

const maps = `${NS}/configmaps`;

async function withMaps(count: number) {
  const api = createApiClient();
  for (let index = 0; index < count; index += 1) {
    await api.post(maps, {
      metadata: { name: `m${index}`, labels: { app: index % 2 === 0 ? 'even' : 'odd', n: String(index) } },
    });
  }
  return api;
}

const namesOf = (body: Served): string[] => body.items.map((item: Served) => item.metadata.name);

describe('lists', () => {
  it.each([
    ['app=even', ['m0', 'm2']],
    ['app==even', ['m0', 'm2']],
    ['app!=even', ['m1']],
    ['n in (0, 1)', ['m0', 'm1']],
    ['n notin (0,1)', ['m2']],
    ['app', ['m0', 'm1', 'm2']],
    ['!app', []],
    ['app=even,n in (2,3)', ['m2']],
  ])('select by labels: %s', async (selector, names) => {
    const api = await withMaps(3);
    const { body } = await api.get(`${maps}?labelSelector=${encodeURIComponent(selector)}`);
    expect(namesOf(body)).toEqual(names);
  });

  it('select by fields, and refuse those that a kind does not offer', async () => {
    const api = await withMaps(3);
    expect(namesOf((await api.get(`${maps}?fieldSelector=metadata.name%3Dm1`)).body)).toEqual(['m1']);
    expect(namesOf((await api.get(`${maps}?fieldSelector=metadata.name!%3Dm1`)).body)).toEqual(['m0', 'm2']);
    const { status, body } = await api.get(`${maps}?fieldSelector=data.x%3D1`);
    expect(status).toBe(400);
    expect(body.message).toContain('field label not supported: data.x');
  });

  it('refuse a selector that cannot be read', async () => {
    expect((await createApiClient().get(`${maps}?labelSelector=a%20b`)).status).toBe(400);
  });

  it('span all namespaces', async () => {
    const api = await withMaps(1);
    await api.post('/api/v1/namespaces', { metadata: { name: 'other' } });
    await api.post('/api/v1/namespaces/other/configmaps', configMap('z'));
    expect(namesOf((await api.get('/api/v1/configmaps')).body)).toEqual(['m0', 'z']);
  });

  it('come in pages that all show the state of the first', async () => {
    const api = await withMaps(5);
    const first = await api.get(`${maps}?limit=2`);
    expect(first.body.metadata.remainingItemCount).toBe(3);
    await api.remove(`${maps}/m3`);
    await api.post(maps, configMap('m31'));
    const token = encodeURIComponent(first.body.metadata.continue);
    const second = await api.get(`${maps}?limit=10&continue=${token}`);
    expect(namesOf(second.body)).toEqual(['m2', 'm3', 'm4']);
    expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
    expect(second.body.metadata.continue).toBeUndefined();
  });

  it('answer 410 to a token whose state is forgotten, with one that goes on in the present', async () => {
    const api = await withMaps(3);
    const { body } = await api.get(`${maps}?limit=1`);
    for (let index = 0; index < 100; index += 1) {
      await api.patch(`${maps}/m2`, { data: { x: String(index) } }, { 'content-type': 'application/merge-patch+json' });
      await api.get(`${maps}?limit=1`);
    }
    const stale = await api.get(`${maps}?limit=5&continue=${body.metadata.continue}`);
    expect(stale.status).toBe(410);
    expect(stale.body.reason).toBe('Expired');
    const rest = await api.get(`${maps}?limit=5&continue=${stale.body.metadata.continue}`);
    expect(namesOf(rest.body)).toEqual(['m1', 'm2']);
  });

  it('become tables for people', async () => {
    const api = await withMaps(1);
    api.pass(90);
    const { body } = await api.get(maps, AS_TABLE);
    expect(body.columnDefinitions.map(({ name }: Served) => name)).toEqual(['Name', 'Data', 'Age']);
    expect(body.rows[0].cells).toEqual(['m0', 0, '90s']);
    expect(body.rows[0].object.kind).toBe('PartialObjectMetadata');
  });

  it('show events under both APIs', async () => {
    const api = createApiClient();
    const event = {
      metadata: { name: 'e' },
      involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' },
      message: 'hello',
      reason: 'Started',
      type: 'Normal',
    };
    await api.post(`${NS}/events`, event);
    const { body } = await api.get('/apis/events.k8s.io/v1/namespaces/default/events/e');
    expect(body).toMatchObject({ apiVersion: 'events.k8s.io/v1', note: 'hello', regarding: { name: 'p' } });
    const selected = await api.get(`${NS}/events?fieldSelector=involvedObject.name%3Dp,type%3DNormal`);
    expect(namesOf(selected.body)).toEqual(['e']);
  });

  it('of ten thousand objects take no longer than the objects of the namespace', () => {
    const { store } = createApiClient();
    const type = resourceType('v1', 'ConfigMap');
    for (let index = 0; index < 10_000; index += 1) {
      store.create(type, { metadata: { name: `m${index}`, namespace: index < 10 ? 'default' : 'other' } });
    }
    const start = performance.now();
    for (let round = 0; round < 1000; round += 1) expect(store.list(type, 'default')).toHaveLength(10);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

const open = async (api: ApiClient, query: string, headers = {}) => {
  const { body } = await api.open('GET', `${maps}?watch=true&${query}`, { headers });
  return readEvents(body);
};
const next = async (events: AsyncGenerator<{ type: string; object: Served }>) => (await events.next()).value!;
const typeAndName = ({ type, object }: { type: string; object: Served }) => `${type} ${object.metadata.name}`;

describe('watches', () => {
  it('tell what happens after a version', async () => {
    const api = await withMaps(1);
    const events = await open(api, `resourceVersion=${api.store.resourceVersion}`);
    await api.post(maps, configMap('new'));
    await api.remove(`${maps}/m0`);
    expect(typeAndName(await next(events))).toBe('ADDED new');
    const deleted = await next(events);
    expect(typeAndName(deleted)).toBe('DELETED m0');
    expect(deleted.object.metadata.resourceVersion).toBe(String(api.store.resourceVersion));
    await events.return(undefined);
  });

  it('replay what happened since', async () => {
    const api = await withMaps(1);
    const version = api.store.resourceVersion;
    await api.post(maps, configMap('a'));
    await api.post(maps, configMap('b'));
    const events = await open(api, `resourceVersion=${version}`);
    expect([typeAndName(await next(events)), typeAndName(await next(events))]).toEqual(['ADDED a', 'ADDED b']);
    await events.return(undefined);
  });

  it.each(['', 'resourceVersion=0'])('begin with the present objects when asked with "%s"', async (query) => {
    const events = await open(await withMaps(2), query);
    expect([typeAndName(await next(events)), typeAndName(await next(events))]).toEqual(['ADDED m0', 'ADDED m1']);
    await events.return(undefined);
  });

  it('mark the end of the initial events', async () => {
    const events = await open(
      await withMaps(1),
      'sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan',
    );
    await next(events);
    const { type, object } = await next(events);
    expect(type).toBe('BOOKMARK');
    expect(object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    await events.return(undefined);
  });

  it('see an object that leaves their selector as deleted, and one that enters as added', async () => {
    const api = await withMaps(1);
    const events = await open(api, `labelSelector=app%3Deven&resourceVersion=${api.store.resourceVersion}`);
    const label = async (app: string) =>
      await api.patch(
        `${maps}/m0`,
        { metadata: { labels: { app } } },
        { 'content-type': 'application/merge-patch+json' },
      );
    await label('odd');
    await label('even');
    const left = await next(events);
    expect(typeAndName(left)).toBe('DELETED m0');
    expect(left.object.metadata.labels.app).toBe('even');
    expect(typeAndName(await next(events))).toBe('ADDED m0');
    await events.return(undefined);
  });

  it('end with an ERROR of 410 when the past is forgotten', async () => {
    const api = await withMaps(2);
    api.history.compact();
    const events = await open(api, 'resourceVersion=2');
    expect(await next(events)).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
    expect((await events.next()).done).toBe(true);
  });

  it('end after their time with a bookmark', async () => {
    const api = await withMaps(1);
    const version = api.store.resourceVersion;
    const events = await open(api, `resourceVersion=${version}&timeoutSeconds=1&allowWatchBookmarks=true`);
    expect(await next(events)).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { resourceVersion: String(version) } },
    });
    expect((await events.next()).done).toBe(true);
  });

  it('end when the client goes away', async () => {
    const api = await withMaps(0);
    const gone = new AbortController();
    const { body } = await api.open('GET', `${maps}?watch=1`, { signal: gone.signal });
    gone.abort();
    const rest = [];
    for await (const event of readEvents(body)) rest.push(event);
    expect(rest).toEqual([]);
  });

  it('come as tables for people', async () => {
    const events = await open(await withMaps(1), '', AS_TABLE);
    expect((await next(events)).object).toMatchObject({ kind: 'Table', rows: [{ cells: ['m0', 0, '0s'] }] });
    await events.return(undefined);
  });
});

test('a list of metadata alone holds nothing else, in pages as well', async () => {
  const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';
  const api = await withMaps(2);

  const { body } = await api.get(`${maps}?limit=1`, { accept });

  expect(body).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' });
  expect(namesOf(body)).toEqual(['m0']);
  expect(Object.keys(body.items[0]).toSorted()).toEqual(['apiVersion', 'kind', 'metadata']);
});

test('a list of metadata alone that has none is null, as in Kubernetes', async () => {
  const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';

  const { body } = await (await withMaps(0)).get(maps, { accept });

  expect(body.items).toBeNull();
});
