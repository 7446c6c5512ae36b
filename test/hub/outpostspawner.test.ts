// A real JupyterHub with the unmodified OutpostSpawner: it spawns, polls and stops, and its users read why a start is refused.
import { eventually } from '../support/eventually';
import type { ProgressEvent, ServerName } from './hub';
import { createWorld, type World } from './world';

jest.setTimeout(240_000);

const flavors = {
  flavors: {
    normal: { max: 10, maxPerUser: 2, display_name: 'Normal', runtime: { hours: 8 } },
    single: { max: 1, runtime: { minutes: 30 } },
  },
};

let world: World;

beforeAll(async () => {
  world = await createWorld({
    config: 'outpost_config.py',
    env: { HUB_DEFAULT_FLAVOR: 'normal' },
    settings: { flavors },
  });
}, 300_000);

afterAll(async () => world?.close(), 60_000);

/** A test's body, which tells the logs when it fails. */
function watched(body: () => Promise<void>): () => Promise<void> {
  return async () => world.watch(body);
}

async function startReady(server: ServerName, options: object = {}): Promise<void> {
  await world.hub.start(server, options);
  const events = await world.hub.progress(server);
  if (events.at(-1)?.ready !== true) throw new Error(`not ready: ${JSON.stringify(events)}`);
}

async function failedStart(server: ServerName, options: object): Promise<string> {
  await world.hub.start(server, options);
  const events = await world.hub.progress(server);
  expect(events.at(-1)).toMatchObject({ progress: 100, failed: true });
  await eventually(async () => ((await world.hub.isActive(server)) ? undefined : true));
  return textOf(events);
}

function textOf(events: readonly ProgressEvent[]): string {
  return events.map((event) => `${event.message ?? ''} ${event.html_message ?? ''}`).join('\n');
}

/** JupyterLab's own answer, through the hub's proxy. */
async function startedAt(server: ServerName): Promise<string> {
  const { status, text } = await world.hub.page(server, 'GET', 'api/status');
  if (status !== 200) throw new Error(`api/status was answered ${status}: ${text}`);
  return (JSON.parse(text) as { readonly started: string }).started;
}

async function expectNothingLeft(...users: readonly string[]): Promise<void> {
  await eventually(async () => {
    const left = [...(await world.contents()), ...users.flatMap((user) => world.processesOf(user))];
    if (left.some((name) => !known.has(name))) throw new Error(`still there: ${left.join(', ')}`);
    return true;
  });
}

/** What the platform has without any server. */
let known: ReadonlySet<string | number>;

beforeEach(async () => {
  known = new Set(await world.contents());
});

test(
  'a user gets JupyterLab behind the proxy, named or not; polls keep it, and a stop leaves nothing behind',
  watched(async () => {
    const { hub, hubLog } = world;
    const own = { user: 'ann' };
    const named = { user: 'ann', name: 'second' };
    const namesake = { user: 'bob', name: 'second' };
    await hub.addUsers('ann', 'bob');
    const logged = hubLog().length;
    const servers = [own, named, namesake];
    await Promise.all(servers.map(async (server) => startReady(server)));
    const before = await Promise.all(servers.map(startedAt));
    expect(new Set(before).size).toBe(3);
    await hub.stop(named);
    await expect(startedAt(own)).resolves.toBe(before[0]);
    await expect(startedAt(namesake)).resolves.toBe(before[2]);
    await Promise.all([own, namesake].map(hub.stop));
    await expectNothingLeft('ann', 'bob');
    expect(hubLog().slice(logged)).not.toContain('Communication with outpost failed');
  }),
);

test(
  'a wrong service or flavor is told on the progress page',
  watched(async () => {
    const { hub } = world;
    await hub.addUsers('cem', 'dov');
    await expect(failedStart({ user: 'cem' }, { service: 'no-such-service' })).resolves.toMatch(
      /find service yaml file/,
    );
    const text = await failedStart({ user: 'dov' }, { flavor: 'huge' });
    expect(text).toContain('Flavor huge is not allowed for this user. Allowed: normal, single.');
    await expectNothingLeft('cem', 'dov');
  }),
);

test(
  'a limit is told with the time at which the next run ends, and the place is free after a stop',
  watched(async () => {
    const { hub } = world;
    await hub.addUsers('eve', 'fay');
    await startReady({ user: 'eve' }, { flavor: 'single' });
    const text = await failedStart({ user: 'fay' }, { flavor: 'single' });
    expect(text).toMatch(/The only place of flavor single is taken\. The run time of the next one ends at \d{4}-/);
    await hub.stop({ user: 'eve' });
    await startReady({ user: 'fay' }, { flavor: 'single' });
    await hub.stop({ user: 'fay' });
    await expectNothingLeft('eve', 'fay');
  }),
);

test(
  'a server that ends is noticed by a poll, and leaves nothing behind',
  watched(async () => {
    const { hub } = world;
    const server = { user: 'gus' };
    await hub.addUsers('gus');
    await startReady(server);
    await eventually(async () => {
      if (!(await hub.isActive(server))) return true;
      await hub.page(server, 'POST', 'api/shutdown');
      return undefined;
    }, 40);
    await expectNothingLeft('gus');
    // Between noticing and stopping the hub takes it for inactive, then for stopping: what counts is the end.
    await expect(eventually(async () => ((await hub.isActive(server)) ? undefined : true))).resolves.toBe(true);
  }),
);
