// `services` or `archive` is killed at each of its API requests of a spawn that restores: repeated and swept, it is right in the end.
import { setTimeout as sleep } from 'node:timers/promises';
import { apiOf, type ArchiveObject } from '../../../support/archives';
import { embeddedOf, OWN_REQUESTS } from '../../../support/embedded';
import { createKilling, MOST_REQUESTS, type Killing } from '../../../support/killedArchive';
import { createSpawns, type Spawns } from '../../../support/spawns';
import type { FunctionProcess } from '../../../support/functionProcess';
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

/** Of `archive` in one such restore; a kill between two reads is one after the write before them. The first create is an Event. */
const WRITES = [
  ['create', 3],
  ['patch', 6],
  ['delete', 1],
] as const;

const cases = WRITES.flatMap(([verb, most]) =>
  Array.from({ length: most }, (_, index) => [
    { verb, at: index + 1, after: false },
    { verb, at: index + 1, after: true },
  ]).flat(),
);

test('the function archive is killed before or after any write, and its sweeps go on', async () => {
  const { archives } = killing;
  let kills = 0;
  for (const [index, { verb, at, after }] of cases.entries()) {
    await removeClaim();
    expect((await spawns.start('ada', `a${index}`)).status).toBe(201);
    await spawns.held('ada');
    const before = JSON.stringify((await archives.get(made.id)).last);
    const instance = await archives.world.addFunction('archive', archives.environment);
    let isKilled = false;
    const crash = (): void => {
      isKilled = true;
      instance.kill('SIGKILL');
    };
    const remove = embeddedOf(archives.world).faults.inject({
      match: { verb, name: NOT_EVERY_SWEEPS },
      at,
      effect: { crash, after },
    });
    await untilRestored(instance, before).catch((error: unknown) => {
      if (!isKilled) throw error;
    });
    remove();
    await instance.stop();
    if (isKilled) kills += 1;

    await spawns.running('ada');
    await expectRestored();
  }
  expect(kills).toBeGreaterThanOrEqual(16);
});

/** What each sweep writes, whatever there is to do. */
const NOT_EVERY_SWEEPS = /^(?!archive-usage$)/;

/** Nobody else may ask the cluster meanwhile, or the count would be of their requests. */
async function untilRestored(instance: FunctionProcess, before: string): Promise<void> {
  const { ping } = callerOf(instance, kube());
  for (let isWaiting = true; isWaiting;) {
    await ping();
    const { operation, last } = (await apiOf(instance).send('GET', `/archives/${made.id}`)).body as ArchiveObject;
    isWaiting = operation !== undefined || JSON.stringify(last) === before;
    await sleep(PAUSE_MS);
  }
  await ping();
}
