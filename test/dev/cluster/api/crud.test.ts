import { configMap, createApiClient, deployment, NS, APPS, type Served } from './apiClient';

const maps = `${NS}/configmaps`;

describe('objects over the API', () => {
  it('are created with identity, read back, replaced and deleted', async () => {
    const api = createApiClient();
    const created = await api.post(maps, configMap('a', { data: { x: '1' } }));
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { namespace: 'default' } });
    expect(created.body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(created.body.metadata.creationTimestamp).toBe('2026-01-01T00:00:00Z');

    const replaced = await api.put(`${maps}/a`, { ...created.body, data: { x: '2' } });
    expect(replaced.body.data).toEqual({ x: '2' });
    const gone = await api.remove(`${maps}/a`);
    expect(gone.body).toMatchObject({ status: 'Success', details: { name: 'a', kind: 'configmaps' } });
    const missing = await api.get(`${maps}/a`);
    expect(missing.body).toMatchObject({ reason: 'NotFound', code: 404, message: 'configmaps "a" not found' });
  });

  it('exist once under a name', async () => {
    const api = createApiClient();
    await api.post(maps, configMap('a'));
    const { status, body } = await api.post(maps, configMap('a'));
    expect(status).toBe(409);
    expect(body).toMatchObject({ reason: 'AlreadyExists', message: 'configmaps "a" already exists' });
  });

  it('get a generated name', async () => {
    const { body } = await createApiClient().post(maps, { metadata: { generateName: 'job-' } });
    expect(body.metadata.name).toMatch(/^job-[a-z0-9]{5}$/);
  });

  it('are not overwritten by a writer who saw an older version', async () => {
    const api = createApiClient();
    const { body: old } = await api.post(maps, configMap('a'));
    await api.put(`${maps}/a`, { ...old, data: { x: '1' } });
    const { status, body } = await api.put(`${maps}/a`, { ...old, data: { x: '2' } });
    expect(status).toBe(409);
    expect(body.message).toBe(
      'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    );
  });

  it('keep their version when nothing changes', async () => {
    const api = createApiClient();
    const { body } = await api.post(maps, configMap('a', { data: { x: '1' } }));
    const again = await api.put(`${maps}/a`, body);
    expect(again.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
  });

  it('are deleted only with the uid and version that the client names', async () => {
    const api = createApiClient();
    await api.post(maps, configMap('a'));
    const wrongUid = await api.remove(`${maps}/a`, { preconditions: { uid: 'other' } });
    expect(wrongUid.status).toBe(409);
    expect(wrongUid.body.message).toContain('the UID in the precondition (other) does not match the UID in record');
    const wrongVersion = await api.remove(`${maps}/a`, { preconditions: { resourceVersion: '1' } });
    expect(wrongVersion.status).toBe(409);
  });

  it('stay under deletion until their finalizers are gone', async () => {
    const api = createApiClient();
    await api.post(maps, { metadata: { name: 'a', finalizers: ['example.com/keep'] } });
    const marked = await api.remove(`${maps}/a`);
    expect(marked.body.metadata.deletionTimestamp).toBe('2026-01-01T00:00:00Z');
    await api.put(`${maps}/a`, { ...marked.body, metadata: { ...marked.body.metadata, finalizers: [] } });
    expect((await api.get(`${maps}/a`)).status).toBe(404);
  });

  it('are only looked at in a dry run', async () => {
    const api = createApiClient();
    const dry = await api.post(`${maps}?dryRun=All`, configMap('a'));
    expect(dry.status).toBe(201);
    expect(dry.body.metadata.uid).toBeDefined();
    expect((await api.get(`${maps}/a`)).status).toBe(404);
  });

  it('lose a selection of them at once, and the answer lists what went', async () => {
    const api = createApiClient();
    await api.post(maps, { metadata: { name: 'a', labels: { app: 'x' } } });
    await api.post(maps, { metadata: { name: 'b', labels: { app: 'y' } } });
    const { body } = await api.remove(`${maps}?labelSelector=app%3Dx`);
    expect(body.kind).toBe('ConfigMapList');
    expect(body.items.map((item: Served) => item.metadata.name)).toEqual(['a']);
    expect((await api.get(maps)).body.items).toHaveLength(1);
  });

  it('count generations of their spec, not of their status', async () => {
    const api = createApiClient();
    const { body } = await api.post(`${APPS}/deployments`, deployment('web'));
    expect(body.metadata.generation).toBe(1);
    const status = await api.put(`${APPS}/deployments/web/status`, { ...body, status: { replicas: 1 }, spec: {} });
    expect(status.body).toMatchObject({ metadata: { generation: 1 }, spec: { replicas: 1 }, status: { replicas: 1 } });
    const scaled = await api.put(`${APPS}/deployments/web`, {
      ...body,
      metadata: { name: 'web' },
      spec: { ...body.spec, replicas: 2 },
    });
    expect(scaled.body).toMatchObject({ metadata: { generation: 2 }, status: { replicas: 1 } });
  });

  it('scale through their own subresource', async () => {
    const api = createApiClient();
    await api.post(`${APPS}/deployments`, deployment('web'));
    const { body: scale } = await api.get(`${APPS}/deployments/web/scale`);
    expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 1 }, status: { selector: 'app=web' } });
    await api.put(`${APPS}/deployments/web/scale`, { ...scale, spec: { replicas: 3 } });
    expect((await api.get(`${APPS}/deployments/web`)).body.spec.replicas).toBe(3);
  });

  it('of a Job leave their pods alone unless told otherwise, and say so', async () => {
    const api = createApiClient();
    const job = {
      metadata: { name: 'j' },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } } },
    };
    await api.post('/apis/batch/v1/namespaces/default/jobs', job);
    const { body, headers } = await api.remove('/apis/batch/v1/namespaces/default/jobs/j');
    expect(headers.warning).toContain('child pods are preserved by default when jobs are deleted');
    expect(body.metadata.finalizers).toEqual(['orphan']);
  });

  it('on a node end with grace, and at once when told', async () => {
    const api = createApiClient();
    await api.post(`${NS}/pods`, {
      metadata: { name: 'p' },
      spec: { nodeName: 'n', containers: [{ name: 'a', image: 'b' }] },
    });
    const marked = await api.remove(`${NS}/pods/p`);
    expect(marked.body.metadata).toMatchObject({
      deletionGracePeriodSeconds: 30,
      deletionTimestamp: '2026-01-01T00:00:30Z',
    });
    await api.remove(`${NS}/pods/p`, { gracePeriodSeconds: 0 });
    expect((await api.get(`${NS}/pods/p`)).status).toBe(404);
  });
});

describe('requests that make no sense', () => {
  it.each([
    ['bad JSON', maps, '{', 400, /couldn't get version\/kind; json parse error/],
    [
      'another kind',
      maps,
      '{"apiVersion":"v1","kind":"Secret"}',
      400,
      /Secret in version "v1" cannot be handled as a ConfigMap/,
    ],
    [
      'another version',
      maps,
      '{"apiVersion":"apps/v1","kind":"ConfigMap"}',
      400,
      /does not match the expected API version \(v1\)/,
    ],
    [
      'another namespace',
      maps,
      '{"metadata":{"name":"a","namespace":"b"}}',
      400,
      /the namespace of the provided object does not match/,
    ],
    [
      'a missing namespace',
      '/api/v1/namespaces/none/configmaps',
      '{"metadata":{"name":"a"}}',
      404,
      /^namespaces "none" not found$/,
    ],
    ['an unknown kind', `${NS}/widgets`, '{}', 404, /^the server could not find the requested resource$/],
    ['an unknown group', '/apis/example.com/v1/widgets', '{}', 404, /^404 page not found/],
    ['a body over 3 MiB', maps, `"${'x'.repeat(3 * 1024 * 1024)}"`, 413, /limit is 3145728/],
    [
      'a number where text belongs',
      maps,
      '{"metadata":{"name":"a"},"data":{"x":1}}',
      400,
      /cannot unmarshal number into Go struct field ConfigMap.data of type string/,
    ],
  ])('%s', async (...[, path, body, status, message]) => {
    const reply = await createApiClient().post(path, body);
    expect(reply.status).toBe(status);
    expect(reply.body.message ?? reply.body).toMatch(message);
  });

  it('fields that a kind does not have are left out with a warning, or refused when the client is strict', async () => {
    const api = createApiClient();
    const typo = configMap('a', { dato: { x: '1' } });
    const { body, headers } = await api.post(maps, typo);
    expect(body.dato).toBeUndefined();
    expect(headers.warning).toBe('299 - "unknown field \\"dato\\""');
    const strict = await api.post(`${maps}?fieldValidation=Strict`, typo);
    expect(strict.body.message).toContain('strict decoding error: unknown field "dato"');
  });
});
