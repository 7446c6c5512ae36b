// A node may be lost at any moment: whatever a mover was doing, doing it again ends well, and nothing is lost.
import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMoverWorld, untilPhase, type MoverWorld } from '../support/mover/mover';
import { treeOf } from '../support/mover/tree';

const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 5);

let world: MoverWorld;

beforeEach(() => {
  world = createMoverWorld();
  for (let index = 0; index < 40; index += 1) newData(index);
});
afterEach(() => world.remove());

function newData(index: number): void {
  world.write(`source/${index}/file`, randomBytes(500_000).toString('base64'));
}

/** Kills it at a moment that differs each time; answers that moment. */
async function killed(request: object, withinMs: number): Promise<number> {
  const at = randomInt(withinMs);
  const running = world.start(request);
  await sleep(at);
  running.kill();
  await running.told;
  return at;
}

async function must(request: object, at: number): Promise<Readonly<Record<string, unknown>>> {
  // What was killed a moment ago may still have its process number.
  const { result } = await world.run(request, { MOVER_LOCK_WAIT_SECONDS: '20' });
  expect({ at, ...result }).toEqual({ at, ...result, outcome: 'done' });
  return result ?? {};
}

async function ids(): Promise<readonly string[]> {
  const { result } = await world.run({ verb: 'list' });
  return ((result?.['snapshots'] ?? []) as { id: string }[]).map(({ id }) => id);
}

async function comesBack(snapshot: unknown): Promise<void> {
  world.freshTarget();
  await must({ verb: 'restore', snapshot }, -1);
  expect(treeOf(world.at('target'))).toEqual(treeOf(world.at('source')));
}

it('a backup that is killed, the first one included', async () => {
  let last: unknown;
  for (let round = 0; round < ROUNDS; round += 1) {
    newData(round);
    const at = await killed({ verb: 'backup' }, round === 0 ? 4_000 : 2_500);
    last = (await must({ verb: 'backup' }, at))['snapshot'];
  }
  expect((await ids()).length).toBeGreaterThanOrEqual(ROUNDS);
  await must({ verb: 'verify' }, -1);
  await comesBack(last);
});

it('a backup that is killed when its snapshot is saved leaves one snapshot of its archive, or none', async () => {
  const backup = { verb: 'backup', tags: { archive: 'a1' } };
  for (let round = 0; round < 2; round += 1) {
    const running = world.start(backup, { MOVER_LOCK_WAIT_SECONDS: '20' });
    await untilPhase(running, 'confirm');
    running.kill();
    expect((await running.told).result).toBeUndefined();
    expect(await ids()).toHaveLength(1);
  }
  const { snapshot } = await must(backup, -1);
  expect(await ids()).toEqual([String(snapshot).slice(0, 32)]);
  await comesBack(snapshot);

  const running = world.start({ ...backup, tags: { archive: 'a2' } });
  await untilPhase(running, 'confirm');
  running.kill();
  await running.told;
  expect(await must({ verb: 'delete', tags: { archive: 'a2' } }, -1)).toMatchObject({ total: 1 });
  expect(await ids()).toEqual([String(snapshot).slice(0, 32)]);
});

it('a forget that is killed while it forgets or prunes', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    newData(round);
    await must({ verb: 'backup' }, -1);
    newData(round);
    const last = (await must({ verb: 'backup' }, -1))['snapshot'];
    const at = await killed({ verb: 'forget', keep: { last: 1 } }, 4_500);
    expect((await must({ verb: 'forget', keep: { last: 1 } }, at))['total']).toBe(1);
    expect(await ids()).toEqual([String(last).slice(0, 32)]);
  }
  await must({ verb: 'verify' }, -1);
  await comesBack('latest');
});

it('a rotation that is killed', async () => {
  await must({ verb: 'backup' }, -1);
  for (let round = 0; round < ROUNDS; round += 1) {
    writeFileSync(world.at('keys/next'), `password ${round}`);
    const at = await killed({ verb: 'rotate' }, 6_000);
    await must({ verb: 'rotate' }, at);
    writeFileSync(world.at('keys/password'), readFileSync(world.at('keys/next')));
    rmSync(world.at('keys/next'));
    expect(JSON.parse(world.restic(['key', 'list', '--json']))).toHaveLength(1);
  }
  await comesBack('latest');
});
