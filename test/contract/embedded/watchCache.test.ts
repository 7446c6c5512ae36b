// A warm instance whose watches fail in every way: it tells what it knows, nothing that is too old, and finds back by itself.
import { embeddedOf, requestsDuring, untilWarm, type FaultRule } from '../../support/embedded';
import { eventually } from '../../support/eventually';
import type { Polled } from '../../support/hub';
import { createWorld, type World } from '../../support/world';

jest.setTimeout(60_000);

const MAX_AGE_SECONDS = 3;

let world: World;

beforeAll(async () => {
  world = await createWorld({ config: { services: { watch_cache: { max_age_seconds: MAX_AGE_SECONDS } } } });
  await world.hub.start('watched');
  await world.hub.untilRunning('watched');
});

beforeEach(async () => untilWarm(world));

afterEach(() => embeddedOf(world).faults.clear());

afterAll(async () => world?.close());

const watchFault = (effect: FaultRule['effect'], times = 2): FaultRule => ({
  match: { verb: 'watch' },
  at: 1,
  times,
  effect,
});

it.each<[string, FaultRule]>([
  ['is refused with 410', watchFault({ status: 410 })],
  ['is refused with 500', watchFault({ status: 500 })],
  ['is reset', watchFault({ reset: true }, 6)],
  ['is silent', watchFault({ delayMs: 60_000 })],
])('a watch that %s: no change is missed for longer than the promised time', async (_how, rule) => {
  embeddedOf(world).faults.inject(rule);
  await untilStruck('watch');

  await world.cluster.kube.remove('configmaps', await anchorOf('watched'));
  const removedAt = performance.now();
  await eventually(async () => {
    const { body } = await world.hub.send('GET', '/api/services/');
    return (body as unknown[]).length === 0 ? true : undefined;
  });

  expect(performance.now() - removedAt).toBeLessThan(MAX_AGE_SECONDS * 1000 + 500);
  embeddedOf(world).faults.clear();
  expect((await world.hub.start('watched', { startId: String(Math.random()) })).status).toBe(201);
  await world.hub.untilRunning('watched');
});

it('a cluster that is away is told from memory for the promised time, and then as unknown', async () => {
  // Both watches have just been renewed: what is known is as fresh as it can be.
  await untilStruck('watch', 2);
  embeddedOf(world).faults.inject({ match: {}, effect: { reset: true } });
  const awayAt = performance.now();
  const seen: (readonly [number, Polled])[] = [];
  // Only new requests fail: a watch that is open already may prove for two more seconds that all is known.
  const lastProofMs = (MAX_AGE_SECONDS * 1000 * 2) / 3;
  while (performance.now() < awayAt + lastProofMs + MAX_AGE_SECONDS * 1000 + 1_000) {
    const polled = await world.hub.poll('watched');
    seen.push([performance.now() - awayAt, polled]);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  expect(seen[0]?.[1]).toMatchObject({ running: true, status: { phase: 'running' } });
  expect(seen.at(-1)?.[1]).toMatchObject({ running: true, status: { phase: 'unknown' } });
  const [lastKnown] = seen.findLast(([, { status }]) => status.phase === 'running') ?? [];
  expect(lastKnown).toBeLessThan(lastProofMs + MAX_AGE_SECONDS * 1000 + 500);
  embeddedOf(world).faults.clear();
  expect(await world.hub.poll('watched')).toMatchObject({ running: true, status: { phase: 'running' } });
});

it('an instance that may not watch answers as one without a cache', async () => {
  embeddedOf(world).faults.inject({ match: { verb: 'watch' }, effect: { status: 403 } });
  const instance = await world.addServices();
  const hub = world.hubOf('hub-a', instance);
  for (let time = 0; time < 30; time += 1) {
    expect(await hub.poll('watched')).toMatchObject({ running: true, status: { phase: 'running' } });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect((await hub.send('GET', '/api/services/nowhere/')).status).toBe(404);
  expect(instance.output()).toContain('a watch failed and is tried again');
  await instance.stop();
});

it('an instance that is warm ends at once when it is told to', async () => {
  const instance = await world.addServices();
  await untilWarm(world, instance);

  const askedAt = performance.now();
  await instance.stop();

  expect(performance.now() - askedAt).toBeLessThan(2_000);
});

it('steady state costs the API server no more than the renewal of two watches', async () => {
  const { requests } = embeddedOf(world);
  // What the tests before have broken may still be mending in the first periods.
  const renewals = await eventually(async () => {
    const before = requests().length;
    const others = await requestsDuring(world, async () => {
      await new Promise((resolve) => setTimeout(resolve, MAX_AGE_SECONDS * 1000));
    });
    return others.length === 0 ? requests().length - before : undefined;
  });

  expect(renewals).toBeLessThanOrEqual(4);
});

async function untilStruck(verb: string, times = 1): Promise<void> {
  const { requests } = embeddedOf(world);
  const before = requests().length;
  await eventually(async () => {
    const struck = requests()
      .slice(before)
      .filter((request) => request.verb === verb);
    return struck.length >= times ? true : undefined;
  });
}

async function anchorOf(name: string): Promise<string> {
  const anchors = await world.cluster.kube.list('configmaps', 'hub-functions/kind=service');
  const found = anchors.find(({ metadata }) => metadata?.annotations?.['hub-functions/servername'] === name);
  return found?.metadata?.name ?? '';
}
