// A real JupyterHub with the sample configuration: what its users and its administrator see, and what is left behind.
import { eventually } from '../support/eventually';
import { MISSING_IMAGE } from './descriptions';
import type { ProgressEvent, ServerName } from './hub';
import { createWorld, type World } from './world';

const CANCELLED = 'Start cancelled by user.</summary>You clicked the cancel button.</details>';

jest.setTimeout(240_000);

let world: World;

beforeAll(async () => {
  world = await createWorld();
}, 300_000);

/** What was in the cluster before the test. */
let before: ReadonlySet<string>;

beforeEach(async () => {
  before = new Set(await world.contents());
});

afterAll(async () => world?.close(), 60_000);

/** A test's body, which tells the logs when it fails. */
function watched(body: () => Promise<void>): () => Promise<void> {
  return async () => world.watch(body);
}

async function startReady(server: ServerName): Promise<void> {
  await world.hub.start(server);
  const last = (await world.hub.progress(server)).at(-1);
  expect(last).toMatchObject({ progress: 100, ready: true });
}

/** JupyterLab's own answer, through the hub's proxy. */
async function startedAt(server: ServerName): Promise<string> {
  const { status, text } = await world.hub.page(server, 'GET', 'api/status');
  if (status !== 200) throw new Error(`api/status was answered ${status}: ${text}`);
  return (JSON.parse(text) as { readonly started: string }).started;
}

async function expectNothingLeft(...users: readonly string[]): Promise<void> {
  await eventually(async () => {
    const objects = (await world.contents()).filter((name) => !before.has(name));
    const left = [...objects, ...users.flatMap((user) => world.processesOf(user))];
    if (left.length > 0) throw new Error(`still there: ${left.join(', ')}`);
    return true;
  });
}

async function untilInactive(server: ServerName): Promise<void> {
  await eventually(async () => ((await world.hub.isActive(server)) ? undefined : true));
}

function textOf(events: readonly (ProgressEvent | undefined)[]): string {
  return events.map((event) => `${event?.message ?? ''} ${event?.html_message ?? ''}`).join('\n');
}

test(
  'a user gets JupyterLab behind the proxy, twice if wanted, and a stop leaves nothing behind',
  watched(async () => {
    const { hub, processesOf } = world;
    const own = { user: 'ann' };
    const named = { user: 'ann', name: 'second' };
    await hub.addUsers('ann');
    await Promise.all([own, named].map(startReady));
    const [first, second] = await Promise.all([own, named].map(startedAt));
    expect(first).not.toBe(second);
    // JupyterLab may just look around with a program of its own.
    await eventually(async () => (processesOf('ann').length === 2 ? true : undefined));
    await hub.stop(named);
    await expect(startedAt(own)).resolves.toBe(first);
    await hub.stop(own);
    await expectNothingLeft('ann');
  }),
);

test(
  'the steps of a start that the status function tells are in the hub',
  watched(async () => {
    const { hub } = world;
    const server = { user: 'mia' };
    await hub.addUsers('mia');
    await startReady(server);
    const told = await eventually(async () => {
      const messages = (await hub.events(server)).map(({ message }) => message);
      return messages.includes('The service is running.') ? messages : undefined;
    });
    expect(told.filter((message) => message === 'The service is running.')).toHaveLength(1);
    await hub.stop(server);
    await expectNothingLeft('mia');
  }),
);

test(
  'five users start and stop at once',
  watched(async () => {
    const { hub } = world;
    const users = ['bea', 'cem', 'dov', 'eve', 'fay'];
    const servers = users.map((user) => ({ user }));
    await hub.addUsers(...users);
    await Promise.all(servers.map(startReady));
    // The first page of five that have all just started may be late.
    const answers = await Promise.all(servers.map(async (server) => eventually(async () => startedAt(server))));
    expect(new Set(answers).size).toBe(5);
    await Promise.all(servers.map(hub.stop));
    await expectNothingLeft(...users);
  }),
);

test(
  'a wrong service name is told on the progress page',
  watched(async () => {
    const { hub } = world;
    const server = { user: 'gus' };
    await hub.addUsers('gus');
    await hub.start(server, { service: 'no-such-service' });
    const events = await hub.progress(server);
    expect(events.at(-1)).toMatchObject({ progress: 100, failed: true });
    expect(textOf([events.at(-1)])).toMatch(/no-such-service/);
    await untilInactive(server);
    expect(textOf(await hub.events(server))).toMatch(/find service yaml file/);
    await expectNothingLeft('gus');
  }),
);

test(
  'an image that cannot be pulled is told on the progress page, and a new start works',
  watched(async () => {
    const { hub } = world;
    const server = { user: 'hal' };
    await hub.addUsers('hal');
    await hub.start(server, { service: 'bad-image' });
    const events = await hub.progress(server);
    expect(events.at(-1)).toMatchObject({ progress: 100, failed: true });
    // The page ends there; what follows is the hub's own word for a start that was cancelled because it failed.
    expect(textOf([events.find(({ failed }) => failed)])).toContain(MISSING_IMAGE);
    await untilInactive(server);
    expect(textOf(await hub.events(server))).toContain(MISSING_IMAGE);
    await expectNothingLeft('hal');
    await hub.start(server, { service: 'lab' });
    expect((await hub.progress(server)).at(-1)).toMatchObject({ ready: true });
    await hub.stop(server);
    await expectNothingLeft('hal');
  }),
);

test(
  'a killed server is started again by its Deployment, and the hub keeps it',
  watched(async () => {
    const { hub, processesOf } = world;
    const server = { user: 'ida' };
    await hub.addUsers('ida');
    await startReady(server);
    const first = await startedAt(server);
    for (const pid of processesOf('ida')) process.kill(pid, 'SIGKILL');
    await eventually(async () => ((await startedAt(server)) === first ? undefined : true), 40);
    await expect(hub.isActive(server)).resolves.toBe(true);
    await hub.stop(server);
    await expectNothingLeft('ida');
  }),
);

test(
  'a server that its user shuts down is noticed by the hub, and leaves nothing behind',
  watched(async () => {
    const { hub } = world;
    const server = { user: 'jan' };
    await hub.addUsers('jan');
    await startReady(server);
    // Kubernetes starts it again, the first time so soon that perhaps nobody saw the end: a user insists.
    await eventually(async () => {
      if (!(await hub.isActive(server))) return true;
      await hub.page(server, 'POST', 'api/shutdown');
      return undefined;
    }, 40);
    // Between noticing and stopping the hub takes it for inactive, then for stopping: what counts is the end.
    await expectNothingLeft('jan');
    await expect(hub.isActive(server)).resolves.toBe(false);
  }),
);

const CANCELLATIONS = [
  { by: 'an administrator', user: 'kim', cancel: async (server: ServerName) => world.hub.stop(server) },
  {
    by: 'its user on the progress page',
    user: 'lea',
    cancel: async (server: ServerName) =>
      world.hub.postEvent(server, { failed: true, html_message: `<details><summary>${CANCELLED}` }),
  },
];

test.each(CANCELLATIONS)('a pending start is cancelled by $by and leaves nothing behind', async ({ user, cancel }) =>
  world.watch(async () => {
    const { hub, processesOf } = world;
    const server = { user };
    await hub.addUsers(user);
    await hub.start(server, { service: 'slow' });
    await eventually(async () => (processesOf(user).length > 0 ? true : undefined));
    await expect(hub.isActive(server)).resolves.toBe(true);
    await cancel(server);
    await untilInactive(server);
    await expectNothingLeft(user);
  }),
);
