import { createCluster, type Cluster } from '../../../dev/cluster/cluster';
import { resourceType } from '../../../dev/cluster/resources';
import { deployment, podSpec, readEvents, type Served } from './api/apiClient';

let cluster: Cluster;

async function call(method: string, path: string, body?: object): Promise<Served> {
  const { signal } = new AbortController();
  const response = await cluster.transport({ method, path, headers: {}, body: JSON.stringify(body), signal });
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

afterEach(async () => await cluster.stop());

it('has its namespaces from the start, also without controllers', async () => {
  cluster = createCluster({ controllers: false });
  const { items } = await call('GET', '/api/v1/namespaces');
  expect(items.map(({ metadata }: Served) => metadata.name)).toContain('default');
});

it('admits what controllers create as it admits what clients create', async () => {
  cluster = createCluster();
  const POD = resourceType('v1', 'Pod');
  const came = new Promise<Served>((resolve) => {
    cluster.store.watch(({ resource, object }) => resource === POD && resolve(object));
  });
  await call('POST', '/apis/apps/v1/namespaces/default/deployments', deployment('web'));
  expect((await came).spec).toMatchObject({ serviceAccountName: 'default', terminationGracePeriodSeconds: 30 });
});

it('has no logs when nothing runs the pods', async () => {
  cluster = createCluster({ controllers: false });
  await call('POST', '/api/v1/namespaces/default/pods', { metadata: { name: 'p' }, spec: podSpec });
  expect(await call('GET', '/api/v1/namespaces/default/pods/p/log')).toMatchObject({ code: 500 });
});

it('ends its watches when it stops', async () => {
  cluster = createCluster({ controllers: false });
  const { signal } = new AbortController();
  const path = '/api/v1/configmaps?watch=true';
  const { body } = await cluster.transport({ method: 'GET', path, headers: {}, signal });
  await cluster.stop();
  const events = [];
  for await (const event of readEvents(body)) events.push(event);
  expect(events).toEqual([]);
});
