// `services` or `archive` is killed at each of its API requests of a spawn that restores: repeated and swept, it is right in the end.
import { setTimeout as sleep } from 'node:timers/promises';
import { apiOf, type ArchiveObject } from '../../../support/archives';
import { embeddedOf, OWN_REQUESTS } from '../../../support/embedded';
import { createKilling, MOST_REQUESTS, type Killing } from '../../../support/killedArchive';
import { createSpawns, type Spawns } from '../../../support/spawns';
import { callerOf } from '../../../support/statusFunction';

jest.setTimeout(900_000);

let killing: Killing;
let spawns: Spawns;
let made: ArchiveObject;

const PAUSE_MS = 100;

beforeAll(async () => {
  killing = await createKilling();
  spawns = createSpawns(killing.archives);
  const { rested, backUp, ask } = killing.archives;
  made = await rested(await ask(await rested(await backUp('claim-ada')), 'verify'));
});

afterAll(async () => killing?.archives.world.close());

const kube = (): Killing['archives']['world']['cluster']['kube'] => killing.archives.world.cluster.kube;

/** Ada has an archive, and no claim. */
async function removeClaim(): Promise<void> {
  await spawns.stop('ada');
  await kube().remove('persistentvolumeclaims', 'claim-ada');
  while ((await spawns.claim('ada')) !== undefined) await sleep(50);
}

async function expectRestored(): Promise<void> {
  expect((await spawns.claim('ada'))?.metadata?.labels).toMatchObject({ 'hub-functions/ready': 'true' });
  await spawns.stop('ada');
  expect(await killing.archives.claims.run('claim-ada', 'cat /data/one')).toBe('one\n');
  await killing.untilIdle();
}

test('the start is killed at any request, and repeated', async () => {
  const { world } = killing.archives;
  let kills = 0;
  for (let at = 1; at <= MOST_REQUESTS && kills === at - 1; at += 1) {
    await removeClaim();
    const instance = await world.addServices();
    let isKilled = false;
    const crash = (): void => {
      isKilled = true;
      instance.kill('SIGKILL');
    };
    const startId = `s${at}`;
    const start = async (hub: ReturnType<typeof world.hubOf>) =>
      hub.start('ada', { service: 'home', startId, env: { JUPYTERHUB_USER: 'ada' } });
    const remove = embeddedOf(world).faults.inject({ match: OWN_REQUESTS, at, effect: { crash, after: at % 2 === 0 } });
    await start(world.hubOf('hub-a', instance)).catch((error: unknown) => {
      if (!isKilled) throw error;
    });
    remove();
    await instance.stop();
    if (isKilled) kills += 1;

    expect((await start(world.hub)).status).toBe(201);
    await spawns.running('ada');
    await expectRestored();
  }
  expect(kills).toBeGreaterThanOrEqual(7);
});

test('the function archive is killed at any request, and its sweeps go on', async () => {
  const { killedAt, archives } = killing;
  let kills = 0;
  for (let at = 1; at <= MOST_REQUESTS && kills === at - 1; at += 1) {
    await removeClaim();
    expect((await spawns.start('ada', `a${at}`)).status).toBe(201);
    await spawns.held('ada');
    const before = JSON.stringify((await archives.get(made.id)).last);
    const isKilled = await killedAt(at, async (instance) => {
      const { ping } = callerOf(instance, kube());
      // Nobody else may ask the cluster meanwhile, or the count would be of their requests.
      for (let isWaiting = true; isWaiting;) {
        await ping();
        const { operation, last } = (await apiOf(instance).send('GET', `/archives/${made.id}`)).body as ArchiveObject;
        isWaiting = operation !== undefined || JSON.stringify(last) === before;
        await sleep(PAUSE_MS);
      }
      await ping();
    });
    if (isKilled) kills += 1;

    await spawns.running('ada');
    await expectRestored();
  }
  expect(kills).toBeGreaterThanOrEqual(10);
});
