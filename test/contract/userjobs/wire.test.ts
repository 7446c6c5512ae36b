// The wire of user jobs: statuses, texts, keys, whose they are, and whose Services are left alone. Nothing here is ever reached.
import { userJobName } from '../../../functions/userjobs/record';
import type { Pod } from '../../../lib/status/observed';
import { WEB_SERVICE } from '../../support/credentialFiles';
import { eventually, untilEmpty } from '../../support/eventually';
import type { FunctionProcess } from '../../support/functionProcess';
import { hubOf, type Hub } from '../../support/hub';
import type { Answer } from '../../support/httpClient';
import { createWorld, type World } from '../../support/world';

jest.setTimeout(120_000);

let world: World;
let instance: FunctionProcess;
let hub: Hub;

const PATH = '/api/userjobs/';
const GOOD = { service: 'lab1', hostname: 'system', target_node: 'node1', ports: { '8080': '9000', '8081': 9001 } };
const OBJECT = { service: 'lab1', hostname: 'system', target_node: 'node1' };

beforeAll(async () => {
  const system = { address: '127.0.0.1', port: 1, user: 'nobody', nodes: ['node*'], ports: ['9000-9010'] };
  world = await createWorld({ config: { userjobs: { hosts: { system } } } });
  world.workspace.setCredential('stranger', { groups: ['access_to_logging'] });
  world.workspace.setCredential('hub-b', { groups: [WEB_SERVICE] });
  instance = await world.addFunction('userjobs', { TUNNEL_IMAGE: 'dev.local/node:1' });
  hub = hubOf(instance);
  await Promise.all([world.hub.start('lab1'), world.hubOf('hub-b').start('lab1', { startId: 'other' })]);
});

afterAll(async () => world?.close());

const create = async (part: object, as = hub): Promise<Answer> => as.send('POST', PATH, { json: { ...GOOD, ...part } });

function taken(name: string): object {
  return { detail: `A Service ${name} exists already and belongs to something else.` };
}

it('a login is asked for, and the group', async () => {
  expect(await instance.request('GET', PATH)).toMatchObject({
    status: 401,
    body: { detail: 'Authentication credentials were not provided.' },
    headers: { 'www-authenticate': 'Basic realm="api"' },
  });
  expect(await hubOf(instance, 'stranger').send('GET', PATH)).toMatchObject({
    status: 403,
    body: { detail: 'You do not have permission to perform this action.' },
  });
});

it('what is missing or wrong is told with the contract’s texts', async () => {
  const { service: _service, ...noService } = GOOD;
  expect(await hub.send('POST', PATH, { json: noService })).toMatchObject({
    status: 400,
    body: ['Missing key: service'],
  });
  expect(await hub.send('POST', PATH)).toMatchObject({ status: 400, body: ['Missing key: service'] });
  expect(await create({ hostname: ' ' })).toMatchObject({
    status: 400,
    body: { hostname: ['This field may not be blank.'] },
  });
  expect((await create({ hostname: 'elsewhere' })).status).toBe(400);
  expect((await create({ target_node: 'localhost' })).body).toHaveProperty('target_node');
  expect((await create({ ports: { '8080': 22 } })).body).toHaveProperty('ports');
  expect((await create({ job: { command: 'id' } })).body).toEqual({ job: ['This host takes no jobs.'] });
});

it('a service that does not run has no user jobs', async () => {
  expect(await create({ service: 'lab2' })).toMatchObject({
    status: 400,
    body: { service: ['There is no running service "lab2".'] },
  });
});

it('the object of the contract is answered by POST, list and GET, to its owner only', async () => {
  expect(await create({})).toMatchObject({ status: 201, body: OBJECT });
  expect(Object.keys((await create({})).body as object)).toEqual(['service', 'hostname', 'target_node']);
  expect(await hub.send('GET', PATH)).toMatchObject({ status: 200, body: [OBJECT] });
  expect((await hub.send('GET', `${PATH}lab1/`)).body).toEqual(OBJECT);
  const other = hubOf(instance, 'hub-b');
  expect((await other.send('GET', PATH)).body).toEqual([]);
  for (const method of ['GET', 'DELETE']) {
    expect(await other.send(method, `${PATH}lab1/`)).toMatchObject({ status: 404, body: { detail: 'Not found.' } });
  }
});

it('the Service has the name, the label, and a name for each of its ports', async () => {
  const service = await world.cluster.kube.get('services', 'lab1');

  expect(service?.metadata?.labels).toMatchObject({ userjobs_servername: 'lab1' });
  expect(service?.['spec']).toMatchObject({
    ports: [
      { name: 'port-8080', port: 8080 },
      { name: 'port-8081', port: 8081 },
    ],
  });
});

it('a tunnel moves to another node soon after its own died', async () => {
  const [tunnel] = await world.cluster.kube.list('deployments', 'hub-functions/role=tunnel');

  const tolerations = ['not-ready', 'unreachable'].map((condition) => ({
    key: `node.kubernetes.io/${condition}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 30,
  }));
  expect(tunnel?.['spec']).toMatchObject({ template: { spec: { tolerations } } });
});

it('a Service of somebody else is never touched, neither one of another hub nor one of nobody', async () => {
  await world.cluster.kube.create('services', {
    metadata: { name: 'lab1-web' },
    spec: { selector: { a: 'b' }, ports: [{ port: 80 }] },
  });
  const before = await world.cluster.kube.everything();

  const byName = await create({ service: 'lab1-web' });
  const byOther = await create({}, hubOf(instance, 'hub-b'));

  expect(byName).toMatchObject({ status: 409, body: taken('lab1-web') });
  expect(byOther).toMatchObject({ status: 409, body: taken('lab1') });
  await untilEmpty(world.cluster.kube, before);
});

it('an anchor that cannot be read is told as a conflict, at once', async () => {
  const name = userJobName('hub-a', 'lab1-strange');
  await world.cluster.kube.create('configmaps', { metadata: { name } });

  const answer = await hub.send('POST', PATH, { json: { ...GOOD, service: 'lab1-strange' }, timeoutMs: 5_000 });

  expect(answer.status).toBe(409);
  await world.cluster.kube.remove('configmaps', name);
});

it('where nobody knows what tunnels run, nothing is made', async () => {
  const unknowing = hubOf(await world.addFunction('userjobs'));
  const before = await world.cluster.kube.everything();

  expect((await create({ service: 'lab1-imageless' }, unknowing)).status).toBe(500);

  expect(await world.cluster.kube.everything()).toEqual(before);
});

it('PUT and PATCH are not allowed', async () => {
  for (const method of ['PUT', 'PATCH']) {
    expect(await hub.send(method, `${PATH}lab1/`, { json: {} })).toMatchObject({
      status: 405,
      body: { detail: `Method "${method}" not allowed.` },
    });
  }
});

it('its state is told, also when it cannot work', async () => {
  const { status, body } = await hub.send('GET', `${PATH}lab1/status/`);

  expect([status, body]).toEqual([
    200,
    expect.objectContaining({ phase: expect.any(String), message: expect.any(String) }),
  ]);
  expect((await hub.send('GET', `${PATH}lab2/status/`)).status).toBe(404);
});

it('its state is that of its own tunnel, not of one that was there under its name before', async () => {
  const { kube } = world.cluster;
  const [anchor] = await kube.list('configmaps', 'hub-functions/kind=userjob');
  const labels = {
    'hub-functions/anchor': anchor?.metadata?.name,
    'hub-functions/anchor-uid': 'of-an-earlier-one',
    'hub-functions/role': 'tunnel',
  };
  const command = ['node', '-e', 'setInterval(() => {}, 1000)'];
  const containers = [{ name: 'main', image: 'dev.local/node:1', imagePullPolicy: 'IfNotPresent', command }];
  // Kubernetes tells ages in seconds, and the younger one counts.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await kube.create('pods', { metadata: { name: 'earlier', labels }, spec: { containers } });
  await eventually(async () => {
    const pod: Pod | undefined = await kube.get('pods', 'earlier');
    const isReady = pod?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
    return isReady === true ? true : undefined;
  });

  expect((await hub.send('GET', `${PATH}lab1/status/`)).body).not.toMatchObject({ phase: 'open' });

  await kube.remove('pods', 'earlier', { gracePeriodSeconds: 0 });
});

it('DELETE removes all that it made, and a new one of its name can be made at once', async () => {
  expect((await hub.send('DELETE', `${PATH}lab1/`)).status).toBe(204);
  expect((await hub.send('DELETE', `${PATH}lab1/`)).status).toBe(404);

  expect((await create({ target_node: 'node2' })).body).toMatchObject({ target_node: 'node2' });

  const { kube } = world.cluster;
  const tunnels = (await kube.list('configmaps', 'hub-functions/kind=userjob')).map(({ metadata }) => metadata?.uid);
  await eventually(async () => {
    const owned = await kube.list('deployments', 'hub-functions/anchor-uid');
    const owners = owned.flatMap(({ metadata }) => metadata?.labels?.['hub-functions/anchor-uid'] ?? []);
    expect(owners).toContain(tunnels[0]);
    return true;
  });
  expect((await hub.send('GET', PATH)).body).toMatchObject([{ target_node: 'node2' }]);
  expect((await hub.send('DELETE', `${PATH}lab1/`)).status).toBe(204);
});
