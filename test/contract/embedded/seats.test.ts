// Seats of a start that is killed at any of its API requests: a repeat has one of each limit, and a stop leaves none.
import { embeddedOf, OWN_REQUESTS } from '../../support/embedded';
import { untilEmpty } from '../../support/eventually';
import { createWorld, type World } from '../../support/world';
import { outpostHubOf, START_ID, type OutpostHub } from '../outpost/outpostHub';

jest.setTimeout(120_000);

const MOST_REQUESTS = 25;
const flavors = { flavors: { small: { max: 100, maxPerUser: 1 } }, global_max_per_user: 1 };
const options = { service: 'sleeper', flavor: 'small' };

let world: World;
let hub: OutpostHub;

beforeAll(async () => {
  world = await createWorld({ config: { flavors, outpost: { start_wait_seconds: 0 } } });
  hub = outpostHubOf(world.hub);
});

afterAll(async () => {
  await world?.close();
});

/** Starts on an instance that is killed at its nth API request; false when it made fewer. */
async function startKilledAt(at: number): Promise<boolean> {
  const instance = await world.addServices();
  let isKilled = false;
  const crash = (): void => {
    isKilled = true;
    instance.kill('SIGKILL');
  };
  embeddedOf(world).faults.inject({ match: OWN_REQUESTS, at, effect: { crash } });
  const start = outpostHubOf(world.hubOf('hub-a', instance)).start('lab', { options, user: at });
  await start.catch((error: unknown) => {
    if (!isKilled) throw error;
  });
  embeddedOf(world).faults.clear();
  await instance.stop();
  return isKilled;
}

/** Of the start that has the anchor now; seats of others may be on their way out. */
async function seatsOf(startId: string): Promise<number> {
  const anchors = await world.cluster.kube.list('configmaps', 'hub-functions/kind=service');
  const own = anchors.find(({ metadata }) => metadata?.annotations?.['hub-functions/start-id'] === startId);
  const uid = own?.metadata?.uid ?? '';
  return (await world.cluster.kube.list('configmaps', `hub-functions/kind=seat,hub-functions/anchor-uid=${uid}`))
    .length;
}

test('a repeat of a killed start has one seat of each limit, and a stop leaves none', async () => {
  let at = 1;
  for (; at <= MOST_REQUESTS && (await startKilledAt(at)); at += 1) {
    expect(await hub.start('lab', { options, user: at })).toMatchObject({ status: 200 });
    expect(await seatsOf(START_ID)).toBe(3);
    expect((await hub.stop('lab')).status).toBe(200);
  }
  expect(at).toBeGreaterThan(9);
  await hub.stop('lab');
  await untilEmpty(world.cluster.kube);
});

test('a killed start holds no place against its own user, who may start again under another start id', async () => {
  for (let at = 2; at < 9; at += 1) {
    expect(await startKilledAt(at)).toBe(true);
    expect(await hub.start('lab', { startId: 'next', options, user: at })).toMatchObject({ status: 200 });
    expect(await seatsOf('next')).toBe(3);
    expect((await hub.stop('lab', 'next')).status).toBe(200);
  }
  await untilEmpty(world.cluster.kube);
});
