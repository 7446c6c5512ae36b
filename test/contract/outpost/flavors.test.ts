// Flavors: who may have which, how many at once, and for how long; no limit is overshot, whoever starts at the same time.
import { untilEmpty } from '../../support/eventually';
import type { FunctionProcess } from '../../support/functionProcess';
import type { Answer } from '../../support/httpClient';
import { createWorld, type World } from '../../support/world';
import { outpostHubOf, type OutpostHub, type OutpostStart } from './outpostHub';

jest.setTimeout(120_000);

const flavors = {
  flavors: {
    small: { max: 5, maxPerUser: 2, display_name: 'Small', runtime: { hours: 1 }, resources: { cpu_limit: 1 } },
    single: { max: 50, maxPerUser: 2 },
    wide: { max: -1 },
    closed: { max: 0 },
  },
  users: {
    few: { authentication: { name: '.*@few.example' }, flavorsOverride: { small: { max: 1 } }, weight: 6 },
    guests: { authentication: { name: '.*@guests.example' }, flavors: ['wide'], weight: 5 },
  },
};

let world: World;
let second: FunctionProcess;
let hubs: readonly [OutpostHub, OutpostHub];

beforeAll(async () => {
  world = await createWorld({ config: { flavors, outpost: { start_wait_seconds: 0 } } });
  second = await world.addServices();
  hubs = [outpostHubOf(world.hub), outpostHubOf(world.hubOf('hub-a', second))];
});

afterAll(async () => {
  await world?.close();
});

afterEach(async () => {
  await stopAll();
  await untilEmpty(world.cluster.kube);
});

async function stopAll(): Promise<void> {
  const { body } = await world.hub.send('GET', '/services/');
  const left = body as readonly { readonly name: string; readonly start_id: string }[];
  await Promise.all(left.map(async ({ name, start_id: startId }) => hubs[0].stop(name, startId)));
}

async function start(name: string, flavor: string | undefined, more: OutpostStart = {}): Promise<Answer> {
  return hubs[0].start(name, { ...more, options: { service: 'sleeper', flavor } });
}

/** Over both instances. */
async function startMany(count: number, flavor: string, userOf: (index: number) => number): Promise<readonly Answer[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const hub = hubs[index % 2 === 0 ? 0 : 1];
      return hub.start(`many${index}`, { user: userOf(index), options: { service: 'sleeper', flavor } });
    }),
  );
}

function statuses(answers: readonly Answer[]): Readonly<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

const CROWDS = [
  { what: '50 users', flavor: 'small', userOf: (index: number) => index, admitted: 5 },
  { what: 'one user 50 times', flavor: 'single', userOf: () => 1, admitted: 2 },
  { what: '10 users 5 times each', flavor: 'small', userOf: (index: number) => index % 10, admitted: 5 },
];

test.each(CROWDS)('of $what at once, exactly $admitted get in', async ({ flavor, userOf, admitted }) => {
  const answers = await startMany(50, flavor, userOf);

  expect(statuses(answers)).toEqual({ 200: admitted, 429: 50 - admitted });
  expect(await world.hub.send('GET', '/services')).toMatchObject({ body: { length: admitted } });
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.body).toMatchObject({ detailed_error: expect.stringContaining(`flavor ${flavor}`) });
  expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
});

test('a refusal names the limit, and the time at which the next run ends', async () => {
  await startMany(5, 'small', (index) => index);

  const answer = await start('late', 'small', { user: 99 });

  expect(answer.body).toMatchObject({
    error: 'Could not start service',
    detailed_error: expect.stringMatching(/^All 5 places of flavor small are taken\. .* ends at \d{4}-/),
  });
  const seconds = Number(answer.headers['retry-after']);
  expect(seconds).toBeGreaterThan(3500);
  expect(seconds).toBeLessThanOrEqual(3600);
});

test('a place is free again as soon as its server is stopped', async () => {
  await startMany(5, 'small', (index) => index);
  await hubs[0].stop('many3');

  expect((await start('next', 'small', { user: 99 })).status).toBe(200);
  expect((await start('after', 'small', { user: 98 })).status).toBe(429);
});

test('a repeat keeps its place, and a new start of the same server takes over that of the old one', async () => {
  await startMany(4, 'small', (index) => index);
  await start('mine', 'small', { startId: 'one', user: 99 });

  expect((await start('mine', 'small', { startId: 'one', user: 99 })).status).toBe(200);
  expect((await start('mine', 'small', { startId: 'two', user: 99 })).status).toBe(200);
  expect((await hubs[0].poll('mine', 'one')).status).toBe(404);
});

test('who may have fewer counts the places of all', async () => {
  const few = { user: 99, body: { authentication: { name: 'eve@few.example' } } };
  await startMany(2, 'small', (index) => index);

  expect((await start('third', 'small', few)).status).toBe(429);
  expect((await start('third', 'small', { user: 99 })).status).toBe(200);
});

/** A start of which nobody says whose it is. */
function nobody(token: string): OutpostStart {
  return { startId: token, body: { env: { JUPYTERHUB_API_TOKEN: token } } };
}

test('servers of users without an id are kept apart by their names alone', async () => {
  expect((await start('', 'wide', nobody('one'))).status).toBe(200);
  expect((await start('', 'wide', nobody('two'))).status).toBe(200);
  expect((await hubs[0].poll('', 'one')).status).not.toBe(404);
});

test('what is not offered is refused with what is', async () => {
  const guest = { body: { authentication: { name: 'ann@guests.example' } } };
  const unknown = await start('unknown', 'huge');
  const none = await start('none', undefined);
  const forbidden = await start('forbidden', 'small', guest);
  const closed = await start('closed', 'closed');

  expect([unknown, none, forbidden, closed].map(({ status }) => status)).toEqual([403, 403, 403, 429]);
  expect(unknown.body).toMatchObject({ detailed_error: expect.stringContaining('small, single, wide, closed') });
  expect(forbidden.body).toMatchObject({ detailed_error: expect.stringContaining('Allowed: wide.') });
  expect((await start('allowed', 'wide', guest)).status).toBe(200);
});

test('flavors are listed as configured, with how many are in use', async () => {
  await start('one', 'small', { user: 1 });
  await start('two', 'small', { user: 2 });
  await start('three', 'wide');

  expect((await world.hub.send('GET', '/flavors/')).body).toEqual({
    small: { ...flavors.flavors.small, current: 2 },
    single: { ...flavors.flavors.single, current: 0 },
    wide: { max: -1, current: 1 },
    closed: { max: 0, current: 0 },
  });
  const asked = await world.hub.send('POST', '/userflavors', { json: { name: 'ann@guests.example' } });
  expect(asked).toMatchObject({ status: 200, body: { wide: { max: -1, current: 1 } } });
  expect(Object.keys(asked.body as object)).toEqual(['wide']);
});

test('the end of a run is written where the sweep reads it', async () => {
  await start('short', 'small');

  const anchors = await world.cluster.kube.list('configmaps', 'hub-functions/kind=service');
  const until = anchors[0]?.metadata?.annotations?.['hub-functions/run-until'] ?? '';
  expect(Date.parse(until) - Date.now()).toBeGreaterThan(3_500_000);
  expect((await world.hub.send('GET', '/services')).body).toMatchObject([{ end_date: until }]);
});

test('a start that is refused leaves nothing, not even a seat', async () => {
  await start('closed', 'closed');

  await untilEmpty(world.cluster.kube);
  expect((await world.hub.send('GET', '/services')).body).toEqual([]);
});
