import type { PodLogsQuery } from '../../../../dev/cluster/api/podLogs';
import { createApiClient, NS } from './apiClient';

const queries: PodLogsQuery[] = [];

async function* podLogs(query: PodLogsQuery): AsyncIterable<Uint8Array> {
  queries.push(query);
  yield Buffer.from(`${query.container} says hello\n`);
}

const pod = (...names: string[]) => ({
  metadata: { name: 'p' },
  spec: { containers: names.map((name) => ({ name, image: 'b' })) },
});

describe('pods/log', () => {
  it('hands the question to the kubelet, the only container named', async () => {
    const api = createApiClient(podLogs);
    await api.post(`${NS}/pods`, pod('main'));
    const { body, headers } = await api.get(
      `${NS}/pods/p/log?tailLines=5&sinceSeconds=60&timestamps=true&limitBytes=9`,
    );
    expect(body).toBe('main says hello\n');
    expect(headers['content-type']).toBe('text/plain');
    expect(queries.at(-1)).toMatchObject({
      pod: 'p',
      container: 'main',
      follow: false,
      previous: false,
      tailLines: 5,
      sinceSeconds: 60,
      timestamps: true,
      limitBytes: 9,
    });
  });

  it.each([
    ['', 'a container name must be specified for pod p, choose one of: [one two]'],
    ['?container=three', 'container three is not valid for pod p'],
    ['?container=one&tailLines=-1', 'tailLines: Invalid value: "-1": must be a non-negative integer'],
  ])('refuses "%s"', async (query, message) => {
    const api = createApiClient(podLogs);
    await api.post(`${NS}/pods`, pod('one', 'two'));
    const { status, body } = await api.get(`${NS}/pods/p/log${query}`);
    expect([status, body.message]).toEqual([400, message]);
  });

  it('says why a container has not started', async () => {
    const api = createApiClient(podLogs);
    const { body: created } = await api.post(`${NS}/pods`, pod('main'));
    const status = {
      containerStatuses: [
        {
          name: 'main',
          ready: false,
          restartCount: 0,
          image: 'b',
          imageID: '',
          state: { waiting: { reason: 'ContainerCreating' } },
        },
      ],
    };
    await api.put(`${NS}/pods/p/status`, { ...created, status });
    const { body } = await api.get(`${NS}/pods/p/log`);
    expect(body.message).toBe('container "main" in pod "p" is waiting to start: ContainerCreating');
  });
});

it('an eviction deletes its pod', async () => {
  const api = createApiClient();
  await api.post(`${NS}/pods`, pod('main'));
  const { status } = await api.post(`${NS}/pods/p/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction' });
  expect(status).toBe(201);
  expect((await api.get(`${NS}/pods/p`)).status).toBe(404);
});

it('whoever holds the token may do everything', async () => {
  const spec = { resourceAttributes: { verb: 'create', resource: 'pods' } };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const { body } = await createApiClient().post(path, { spec });
  expect(body).toMatchObject({ kind: 'SelfSubjectAccessReview', spec, status: { allowed: true } });
});

describe('discovery', () => {
  it.each([
    ['/api', { versions: ['v1'] }],
    ['/apis/apps', { kind: 'APIGroup', name: 'apps' }],
    ['/apis/batch/v1', { kind: 'APIResourceList', groupVersion: 'batch/v1' }],
    ['/version', { major: '1', minor: '34' }],
    [
      '/openapi/v3',
      {
        paths: {
          'apis/apps/v1': { serverRelativeURL: expect.stringMatching(/^\/openapi\/v3\/apis\/apps\/v1\?hash=/) },
        },
      },
    ],
  ])('%s', async (path, expected) => {
    expect((await createApiClient().get(path)).body).toMatchObject(expected);
  });

  it.each(['/healthz', '/readyz', '/livez'])('%s is ok', async (path) => {
    expect((await createApiClient().get(path)).body).toBe('ok');
  });

  it('tells which parameters a PATCH understands, of every kind', async () => {
    const { body } = await createApiClient().get('/openapi/v3/apis/apps/v1');
    const { patch } = body.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'];
    expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: 'apps', version: 'v1', kind: 'Deployment' });
    expect(patch.parameters.map(({ name }: { name: string }) => name)).toContain('fieldValidation');
  });

  it.each(['/nonsense', '/apis/none/v1', '/openapi/v2', '/apis/apps/v2/deployments'])(
    '%s is not there',
    async (path) => {
      expect(await createApiClient().get(path)).toMatchObject({ status: 404, body: '404 page not found\n' });
    },
  );

  it('takes no other verb', async () => {
    const api = createApiClient();
    expect((await api.post('/version', {})).body).toMatchObject({ code: 405, reason: 'MethodNotAllowed' });
    expect((await api.post('/api/v1/pods', {})).status).toBe(405);
  });
});
