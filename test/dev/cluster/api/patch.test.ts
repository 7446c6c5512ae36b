import {
  APPLY_PATCH,
  APPS,
  createApiClient,
  deployment,
  JSON_PATCH,
  MERGE_PATCH,
  NS,
  STRATEGIC_PATCH,
  type Served,
} from './apiClient';

const web = `${APPS}/deployments/web`;
const map = `${NS}/configmaps/a`;

async function withObjects() {
  const api = createApiClient();
  await api.post(`${NS}/configmaps`, { metadata: { name: 'a' }, data: { x: '1', y: '2' } });
  const base = deployment('web');
  const containers = [
    {
      name: 'main',
      image: 'a',
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    },
  ];
  const template = { ...base.spec.template, spec: { containers } };
  await api.post(`${APPS}/deployments`, { ...base, spec: { ...base.spec, template } });
  return api;
}

const containersOf = (body: Served) => body.spec.template.spec.containers;

const applied = (data: string): string => `{apiVersion: v1, kind: ConfigMap, data: ${data}}`;

describe('patches', () => {
  it('merge: null removes', async () => {
    const api = await withObjects();
    const { body } = await api.patch(map, { data: { x: null, z: '3' } }, MERGE_PATCH);
    expect(body.data).toEqual({ y: '2', z: '3' });
  });

  it('json: tests, adds, removes, moves', async () => {
    const api = await withObjects();
    const operations = [
      { op: 'test', path: '/data/x', value: '1' },
      { op: 'add', path: '/data/a~1b', value: '4' },
      { op: 'move', from: '/data/x', path: '/data/w' },
      { op: 'remove', path: '/data/y' },
    ];
    const bad = await api.patch(map, operations, JSON_PATCH);
    expect(bad.status).toBe(422);
    operations.splice(1, 1);
    const { body } = await api.patch(map, operations, JSON_PATCH);
    expect(body.data).toEqual({ w: '1' });
  });

  it('json: a failed test changes nothing', async () => {
    const api = await withObjects();
    const { status, body } = await api.patch(map, [{ op: 'test', path: '/data/x', value: '9' }], JSON_PATCH);
    expect(status).toBe(422);
    expect(body.message).toBe('the server rejected our request due to an error in our request');
  });

  it('strategic: containers and env merge by name, and $patch removes one', async () => {
    const api = await withObjects();
    const env = [
      { name: 'A', $patch: 'delete' },
      { name: 'C', value: '3' },
    ];
    const patch = {
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'main', env },
              { name: 'side', image: 'b' },
            ],
          },
        },
      },
    };
    const { body } = await api.patch(web, patch, STRATEGIC_PATCH);
    expect(containersOf(body).map(({ name }: Served) => name)).toEqual(['main', 'side']);
    expect(containersOf(body)[0]).toMatchObject({
      image: 'a',
      env: [
        { name: 'B', value: '2' },
        { name: 'C', value: '3' },
      ],
    });
  });

  it('strategic: $setElementOrder, $retainKeys and $patch: replace', async () => {
    const api = await withObjects();
    const spec = {
      strategy: { $retainKeys: ['type'], type: 'Recreate' },
      template: {
        spec: {
          '$setElementOrder/containers': [{ name: 'side' }, { name: 'main' }],
          containers: [
            { name: 'side', image: 'b' },
            { name: 'main', env: [{ $patch: 'replace' }, { name: 'Z', value: '9' }] },
          ],
        },
      },
    };
    const { body } = await api.patch(web, { spec }, STRATEGIC_PATCH);
    expect(body.spec.strategy).toEqual({ type: 'Recreate' });
    expect(containersOf(body).map(({ name }: Served) => name)).toEqual(['side', 'main']);
    expect(containersOf(body)[1].env).toEqual([{ name: 'Z', value: '9' }]);
  });

  it('apply: makes the object, and takes away what the same manager drops', async () => {
    const api = await withObjects();
    const path = `${NS}/configmaps/new?fieldManager=me`;
    const first = await api.patch(path, applied('{x: "1", y: "2"}'), APPLY_PATCH);
    expect(first.status).toBe(201);
    await api.patch(`${NS}/configmaps/new`, { data: { other: '3' } }, MERGE_PATCH);
    const second = await api.patch(path, applied('{x: "1"}'), APPLY_PATCH);
    expect(second.body.data).toEqual({ x: '1', other: '3' });
    const again = await api.patch(path, applied('{x: "1"}'), APPLY_PATCH);
    expect(again.body.metadata.resourceVersion).toBe(second.body.metadata.resourceVersion);
  });

  it('apply: two managers conflict over a value until one forces it', async () => {
    const api = await withObjects();
    const path = `${NS}/configmaps/new?fieldManager=`;
    await api.patch(`${path}one`, applied('{x: "1"}'), APPLY_PATCH);
    const refused = await api.patch(`${path}two`, applied('{x: "2"}'), APPLY_PATCH);
    expect(refused.body.message).toBe('Apply failed with 1 conflict: conflict with "one": .data.x');
    const forced = await api.patch(`${path}two&force=true`, applied('{x: "2"}'), APPLY_PATCH);
    expect(forced.body.data).toEqual({ x: '2' });
  });

  it('of an unknown notation are refused', async () => {
    const api = await withObjects();
    expect((await api.patch(map, {}, { 'content-type': 'text/plain' })).status).toBe(415);
  });
});
