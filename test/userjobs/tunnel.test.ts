// Tunnels through a real sshd: opened, used from a pod, lost and found again, refused, and gone without a trace.
import { eventually, untilEmpty } from '../support/eventually';
import { createUserJobs, type UserJobs } from '../support/userjobs/userJobs';
import { untilServed, visit, visitFromPod } from '../support/userjobs/visits';
import { startWebServer, type WebServer } from '../support/userjobs/webServer';

jest.setTimeout(180_000);

const PAGE = 'hello from another system';

let userJobs: UserJobs;
let web: WebServer;

beforeAll(async () => {
  web = await startWebServer(PAGE);
  userJobs = await createUserJobs();
  await userJobs.world.hub.start('lab1');
});

afterAll(async () => {
  await userJobs?.close();
  web?.close();
});

const request = (service: string, port = web.port): object => ({
  service,
  hostname: 'system',
  target_node: 'localhost',
  ports: { '8080': port },
});

it('a pod reaches a port of another system through the Service', async () => {
  const { create, send, until, world } = userJobs;
  const { kube, namespace } = world.cluster;

  const created = await create(request('lab1'));

  const object = { service: 'lab1', hostname: 'system', target_node: 'localhost' };
  expect([created.status, created.body]).toEqual([201, object]);
  expect(await untilServed(kube, 'lab1', 8080)).toBe(PAGE);
  expect(await visitFromPod(kube, namespace, 'lab1')).toBe(PAGE);
  expect(await until('lab1', 'open')).toEqual({
    phase: 'open',
    message: expect.stringContaining('localhost') as string,
  });
  expect((await send('GET', '/api/userjobs/')).body).toEqual([object]);
  expect((await send('GET', '/api/userjobs/lab1/')).body).toEqual(object);
});

it('a tunnel comes back by itself when sshd was killed', async () => {
  const { until, host, world } = userJobs;
  await until('lab1', 'open');

  await host.kill();
  expect(await until('lab1', 'connecting')).toMatchObject({
    reason: expect.stringMatching(/Unreachable|Lost/) as string,
  });
  await host.start();

  expect(await untilServed(world.cluster.kube, 'lab1', 8080)).toBe(PAGE);
});

it('a tunnel comes back by itself when its pod was removed', async () => {
  const { kube } = userJobs.world.cluster;
  await untilServed(kube, 'lab1', 8080);
  const [pod] = await kube.list('pods', 'hub-functions/role=tunnel');

  await kube.remove('pods', pod?.metadata?.name ?? '');

  await eventually(async () => {
    const pods = await kube.list('pods', 'hub-functions/role=tunnel');
    return pods.some(({ metadata }) => metadata?.uid !== pod?.metadata?.uid) ? true : undefined;
  });
  expect(await untilServed(kube, 'lab1', 8080)).toBe(PAGE);
});

it('a repeat of the request is the same user job, another request under its name a conflict', async () => {
  const { create, world } = userJobs;
  const before = await world.cluster.kube.everything();

  expect((await create(request('lab1'))).status).toBe(201);
  const other = await create(request('lab1', 9999));

  expect(other.status).toBe(409);
  expect(await world.cluster.kube.everything()).toEqual(before);
});

it('a host that shows another key gets nothing, and that is told', async () => {
  const { until, host } = userJobs;
  await until('lab1', 'open');
  await host.kill();
  host.changeHostKey();
  await host.start();

  const state = await until('lab1', 'connecting');

  expect(state).toMatchObject({ phase: 'connecting' });
  await eventually(async () => {
    expect((await userJobs.status('lab1')).reason).toBe('HostKeyRefused');
    return true;
  }, 30);
  await expect(visit(userJobs.world.cluster.kube, 'lab1', 8080)).rejects.toThrow(/ECONN|hang up/);
});

it('nothing is left of it, neither when it is deleted nor when its service stops', async () => {
  const { create, remove, world } = userJobs;
  const { kube } = world.cluster;
  const secrets = (await kube.list('secrets')).map(({ metadata }) => `Secret/${metadata?.name}`);
  await create(request('lab1-second'));

  expect((await remove('lab1-second')).status).toBe(204);
  expect((await remove('lab1-second')).status).toBe(404);
  await world.hub.stop('lab1');

  await untilEmpty(
    kube,
    secrets.filter((name) => name === 'Secret/hub-functions-ssh'),
  );
});
