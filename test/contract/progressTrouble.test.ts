// Progress while hubs hang, instances race and events come in storms: nothing is lost, nothing is told twice.
import { eventually } from '../support/eventually';
import type { FunctionProcess } from '../support/functionProcess';
import { startHubStub, type HubStub, type Told } from '../support/hubStub';
import { mainDeployment, yaml, type MainDeployment } from '../support/manifests';
import { callerOf, UPDATED, type Caller } from '../support/statusFunction';
import { createWorld, type World } from '../support/world';

let world: World;
let stub: HubStub;
let instances: readonly [FunctionProcess, FunctionProcess];
let callers: readonly [Caller, Caller];

beforeAll(async () => {
  stub = await startHubStub();
  world = await createWorld({ config: { hubs: { 'hub-a': [stub.url] } } });
  instances = [await world.addFunction('status'), await world.addFunction('status')];
  const [one, other] = instances;
  callers = [callerOf(one, world.cluster.kube), callerOf(other, world.cluster.kube)];
});

afterAll(async () => {
  stub?.close();
  await world?.close();
});

afterEach(() => stub.misbehave());

async function start(name: string, main: MainDeployment = {}): Promise<void> {
  world.workspace.describe(name, { 'service.yaml': yaml(mainDeployment(main)) });
  const env = { JUPYTERHUB_STATUS_URL: `users/progress/status/${name}` };
  expect((await world.hub.start(name, { service: name, startId: '1', env })).status).toBe(201);
}

/** A refusal tells its reason in the text. */
const DONE = { status: 204, text: '' };
const isFailed = ({ body }: Told): boolean => body.failed;

it('two instances in a storm of events tell each step once and in order', async () => {
  await start('storm', { command: ['sh', '-c', 'sleep 1; exit 5'] });

  await eventually(async () => {
    await Promise.all(callers.flatMap(({ hint, ping }) => [hint('storm'), hint('storm'), ping(), hint('storm')]));
    return stub.told('/storm').find(({ body }) => body.message === 'The service is running.');
  });

  const messages = stub.told('/storm').map(({ body }) => body.message);
  expect(messages).toEqual([...new Set(messages)]);
  const percents = stub.told('/storm').map(({ body }) => body.progress);
  expect(percents).toEqual(percents.toSorted((a, b) => a - b));
});

it('a failure that the hub could not hear is told when it can, and only then the service goes', async () => {
  stub.misbehave((response) => response.writeHead(503).end());
  await start('deaf', { image: 'Not/A/Name:1' });
  const failing = async (): Promise<Told | undefined> => {
    const answers = await callers[0].hint('deaf');
    expect(answers.every(({ status }) => status === 204)).toBe(true);
    return stub.told('/deaf').find(isFailed) ?? stub.told('/deaf')[1];
  };
  await eventually(failing);
  expect(await secretsOf('deaf')).toHaveLength(1);

  stub.misbehave();
  await eventually(async () => {
    await callers[1].ping();
    return (await secretsOf('deaf')).length === 0 ? true : undefined;
  });

  expect(stub.told('/deaf').at(-1)?.body).toMatchObject({ failed: true, reason: 'ImagePull' });
  expect(await world.hub.poll('deaf')).toMatchObject({ running: false, status: { reason: 'ImagePull' } });
});

it('a hub that hangs is not waited for, by nobody for long, and hears it later', async () => {
  stub.misbehave(() => undefined);
  await start('hanging');
  await world.hub.untilRunning('hanging');

  const from = performance.now();
  expect(await callers[0].hint('hanging')).toEqual([expect.objectContaining(DONE)]);
  expect(await callers[0].ping()).toMatchObject(DONE);
  expect(performance.now() - from).toBeLessThan(15_000);

  stub.misbehave();
  await eventually(async () => {
    await callers[0].ping();
    return stub.told('/hanging').length > 1 ? true : undefined;
  });
});

it('an anchor that cannot be read stops no sweep', async () => {
  const labels = {
    'app.kubernetes.io/managed-by': 'hub-functions',
    'hub-functions/kind': 'service',
    'hub-functions/phase': 'active',
  };
  await world.cluster.kube.create('configmaps', { metadata: { name: 'unreadable', labels } });

  expect((await callers[0].ping()).status).toBe(204);

  await world.cluster.kube.remove('configmaps', 'unreadable');
});

it('a hub that takes the failure as a reason to stop the server finds nothing left', async () => {
  await start('obedient', { image: 'Not/A/Name:1' });
  stub.onTold(({ path, body }) => {
    if (body.failed && path.endsWith('/obedient')) void world.hub.stop('obedient');
  });

  await eventually(async () => {
    await callers[0].hint('obedient');
    return stub.told('/obedient').find(isFailed);
  });

  await eventually(async () => ((await leftOf('obedient')).length === 0 ? true : undefined));
  await callers[1].ping();
  expect(await leftOf('obedient')).toEqual([]);
});

it('what is cut short, or said again long after, changes nothing', async () => {
  await start('replayed');
  await world.hub.untilRunning('replayed');
  const [pod] = await world.cluster.kube.list('pods', 'hub-functions/role=main');
  await callers[0].hint('replayed');
  const told = stub.told('/replayed').length;

  const stale = { kind: 'Pod', ...pod, status: { phase: 'Failed', reason: 'Evicted' } };
  expect((await callers[1].send(UPDATED, stale)).status).toBe(204);
  const headers = { 'content-type': 'application/cloudevents+json' };
  expect((await instances[0].request('POST', '/', { headers, raw: '{"specversion":"1.0","type' })).status).toBe(400);

  expect(stub.told('/replayed')).toHaveLength(told);
  expect(await world.hub.poll('replayed')).toMatchObject({ running: true, status: { phase: 'running' } });
});

async function secretsOf(name: string): Promise<readonly unknown[]> {
  const secrets = await world.cluster.kube.list('secrets');
  return secrets.filter(({ metadata }) => metadata?.name?.startsWith(`secret-${name}-`));
}

async function leftOf(name: string): Promise<readonly string[]> {
  return (await world.cluster.kube.everything()).filter((each) => each.includes(name));
}
