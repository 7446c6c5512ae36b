// How a hub hears of its starts: each step once and in order, the reason of a failure at once, whatever happens to events and hubs.
import { eventually } from '../support/eventually';
import type { FunctionProcess } from '../support/functionProcess';
import { API_TOKEN } from '../support/hub';
import { startHubStub, type HubStub, type Told } from '../support/hubStub';
import { mainDeployment, yaml, type MainDeployment } from '../support/manifests';
import { callerOf, UPDATED, type Caller } from '../support/statusFunction';
import { createWorld, type World } from '../support/world';

let world: World;
let stub: HubStub;
let status: FunctionProcess;
let events: Caller;

beforeAll(async () => {
  stub = await startHubStub();
  world = await createWorld({ config: { hubs: { 'hub-a': [stub.url] } } });
  status = await world.addFunction('status');
  events = callerOf(status, world.cluster.kube);
});

afterAll(async () => {
  stub?.close();
  await world?.close();
});

afterEach(() => stub.misbehave());

async function start(name: string, main: MainDeployment = {}, env: Readonly<Record<string, unknown>> = {}) {
  world.workspace.describe(name, { 'service.yaml': yaml(mainDeployment(main)) });
  const own = { JUPYTERHUB_STATUS_URL: `users/progress/status/${name}`, ...env };
  expect((await world.hub.start(name, { service: name, startId: '1', env: own })).status).toBe(201);
}

/** Hints until the hub was told what is sought. */
async function untilTold(name: string, wanted: (told: Told) => boolean, seconds = 30): Promise<readonly Told[]> {
  return eventually(async () => {
    await events.hint(name);
    const told = stub.told(`/${name}`);
    return told.some(wanted) ? told : undefined;
  }, seconds);
}

const isReady = ({ body }: Told): boolean => body.message === 'The service is running.';
const isFailed = ({ body }: Told): boolean => body.failed;

it('a start is told step by step, each once, never backwards, with the token of its server', async () => {
  await start('steps');

  await untilTold('steps', isReady);
  await Promise.all([events.hint('steps'), events.hint('steps'), events.ping()]);
  const told = stub.told('/steps');

  expect(told.at(-1)?.body).toMatchObject({ progress: 99, failed: false, ready: false });
  expect(new Set(told.map(({ path }) => path))).toEqual(new Set(['/hub/api/users/progress/update/steps']));
  expect(new Set(told.map(({ headers }) => headers.authorization))).toEqual(new Set([`token ${API_TOKEN}`]));
  const percents = told.map(({ body }) => body.progress);
  expect(percents).toEqual(percents.toSorted((a, b) => a - b));
  expect(new Set(told.map(({ body }) => body.message)).size).toBe(told.length);
  expect(await anchorOf('steps')).toMatchObject({ 'hub-functions/service-phase': 'running' });
});

it('OutpostSpawner is told at its own address and never that the server is ready', async () => {
  await start('outpost', {}, { JUPYTERHUB_EVENTS_URL: `${stub.url}users/progress/events/outpost` });

  const told = await untilTold('outpost', isReady);

  expect(told[0]?.path).toBe('/hub/api/users/progress/events/outpost');
  expect(told.map(({ body }) => Object.keys(body))).not.toContainEqual(expect.arrayContaining(['ready']));
});

it('a hopeless start is told with its reason, escaped, and everything it had goes', async () => {
  await start('hopeless', { command: ['sh', '-c', 'printf "\\074b\\076broken\\074/b\\076\\n"; exit 3'] });

  const told = await untilTold('hopeless', isFailed);

  const { body } = told.at(-1)!;
  expect(body).toMatchObject({ progress: 100, failed: true, reason: 'CrashLoop' });
  expect(body.html_message).toMatch(/^<details><summary>.*&lt;b&gt;broken&lt;\/b&gt;.*<\/details>$/s);
  expect(told.filter(isFailed)).toHaveLength(1);
  await eventually(async () => {
    await events.ping();
    const left = (await world.cluster.kube.everything()).filter((each) => each.includes('hopeless'));
    expect(left).toEqual([expect.stringMatching(/^ConfigMap\/service-hopeless-/)]);
    return true;
  });
  expect(await world.hub.poll('hopeless')).toMatchObject({ running: false, status: { reason: 'CrashLoop' } });
});

it('what events missed is found by the sweep, which counts it', async () => {
  await start('missed');
  await world.hub.untilRunning('missed');

  expect((await events.ping()).status).toBe(204);

  expect(stub.told('/missed').some(isReady)).toBe(true);
  const { text } = await status.request('GET', '/metrics');
  expect(Number(/^hub_functions_status_sweep_found_missed_total (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(0);
  expect(status.output()).toMatch(/"message":"sweep finished".*"missed":[1-9]/);
});

it("OpenFaaS' empty POST is a sweep, too", async () => {
  await start('cron');
  await world.hub.untilRunning('cron');

  const answer = await status.request('POST', '/', { headers: { 'x-connector': 'cron-connector' } });

  expect([answer.status, answer.text]).toEqual([204, '']);
  expect(stub.told('/cron').some(isReady)).toBe(true);
});

it('a core Event leads to the service of its pod', async () => {
  await start('involved');
  await world.hub.untilRunning('involved');
  const pods = await world.cluster.kube.list('pods');
  const name = pods.map(({ metadata }) => metadata?.name).find((each) => each?.includes('-involved-'));

  const involvedObject = { kind: 'Pod', name };
  const answer = await events.send(UPDATED, {
    kind: 'Event',
    metadata: { namespace: world.cluster.namespace },
    involvedObject,
  });

  expect(answer.status).toBe(204);
  expect(stub.told('/involved').some(isReady)).toBe(true);
});

describe('a hub in trouble costs no event an error, and hears everything later', () => {
  it.each([
    ['answers 500', (response) => response.writeHead(500).end('oops')],
    ['breaks off', (response) => response.destroy()],
  ] as readonly [string, NonNullable<Parameters<HubStub['misbehave']>[0]>][])('%s', async (how, misbehavior) => {
    const name = how.replace(' ', '-');
    stub.misbehave(misbehavior);
    await start(name);
    await world.hub.untilRunning(name);
    expect((await events.hint(name)).map(({ status: code }) => code)).toEqual([204]);
    expect(stub.told(`/${name}`)).toHaveLength(1);

    stub.misbehave();
    const told = await eventually(async () => {
      await events.hint(name);
      return stub.told(`/${name}`).length > 1 ? stub.told(`/${name}`) : undefined;
    });

    expect(told.map(({ body }) => body.message)).toEqual([told[0]?.body.message, told[0]?.body.message]);
  });

  it('a redirect is not followed, and neither it nor a 404 is asked again', async () => {
    stub.misbehave((response) => response.writeHead(307, { location: `${stub.url}users/elsewhere` }).end());
    await start('redirected');
    await world.hub.untilRunning('redirected');
    await events.hint('redirected');
    stub.misbehave((response) => response.writeHead(404).end());
    await start('forgotten');
    await world.hub.untilRunning('forgotten');
    await events.hint('forgotten');
    const before = [stub.told('/redirected').length, stub.told('/forgotten').length];
    stub.misbehave();
    await events.ping();

    expect(stub.told('/elsewhere')).toEqual([]);
    expect([stub.told('/redirected').length, stub.told('/forgotten').length]).toEqual(before);
  });
});

it('only addresses that the configuration allows are called', async () => {
  await start('foreign', {}, { JUPYTERHUB_STATUS_URL: stub.url.replace('/hub/api/', '/elsewhere/foreign') });
  await world.hub.untilRunning('foreign');
  await world.hubOf('hub-b').start('unlisted', { env: { JUPYTERHUB_EVENTS_URL: `${stub.url}unlisted` } });
  await world.hubOf('hub-b').untilRunning('unlisted');

  expect((await events.ping()).status).toBe(204);

  expect(stub.told('foreign')).toEqual([]);
  expect(stub.told('unlisted')).toEqual([]);
  expect(status.output()).toContain('"key":"hubs.hub-b"');
});

const pod = (namespace: string, labels: object = {}): object => ({
  kind: 'Pod',
  metadata: { name: 'x', namespace, labels },
});

describe('bad input', () => {
  it.each([
    ['an unknown source', UPDATED, {}, { 'ce-source': 'http://evil.example/' }],
    ['an unknown type', 'com.example.evil', {}, {}],
    ['another namespace', UPDATED, pod('kube-system'), {}],
    ['no object', UPDATED, { hello: 'world' }, {}],
    ['a bad specversion', UPDATED, {}, { 'ce-specversion': '9.9' }],
    ['a batch', UPDATED, [{}], { 'content-type': 'application/cloudevents-batch+json' }],
  ] as const)('%s is answered 400 once', async (...[, type, data, headers]) => {
    expect((await events.send(type, data, headers)).status).toBe(400);
  });

  it('a body beyond the limit is answered 413', async () => {
    const { namespace } = world.cluster;
    const large = { ...pod(namespace), padding: 'x'.repeat(1024 * 1024) };
    expect((await events.send(UPDATED, large)).status).toBe(413);
  });

  it('what belongs to nobody, or to something that is gone, is no fault', async () => {
    const { namespace } = world.cluster;
    expect((await events.send(UPDATED, pod(namespace))).status).toBe(204);
    expect((await events.send(UPDATED, pod(namespace, { 'hub-functions/anchor': 'service-gone' }))).status).toBe(204);
    const involvedObject = { kind: 'Pod', name: 'gone' };
    expect((await events.send(UPDATED, { kind: 'Event', metadata: { namespace }, involvedObject })).status).toBe(204);
  });
});

async function anchorOf(name: string): Promise<Readonly<Record<string, string>> | undefined> {
  const anchors = await world.cluster.kube.list('configmaps', 'hub-functions/kind=service');
  const anchor = anchors.find(({ metadata }) => metadata?.annotations?.['hub-functions/servername'] === name);
  return anchor?.metadata?.annotations;
}
