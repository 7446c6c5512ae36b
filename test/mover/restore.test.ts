// restore: all or a path of a snapshot, into a new claim only; killed anywhere it is repeated.
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OURS } from '../../mover/source/walk';
import { createMoverWorld, type MoverWorld } from '../support/mover/mover';
import { treeOf } from '../support/mover/tree';

let world: MoverWorld;
let snapshot: unknown;

beforeAll(async () => {
  world = createMoverWorld();
  world.write('source/notes/2026/plan [draft]*.txt', 'the plan');
  world.write('source/notes/2026/other.txt', 'not asked for');
  world.write('source/notes/d.txt', 'a letter of the pattern');
  for (const [path, mode] of [
    ['source/notes', 0o750],
    ['source/notes/2026', 0o700],
  ] as const) {
    chownSync(world.at(path), 1000, 100);
    chmodSync(world.at(path), mode);
  }
  for (let index = 0; index < 60; index += 1) {
    mkdirSync(world.at(`source/data/${index}`), { recursive: true });
    writeFileSync(world.at(`source/data/${index}/file`), randomBytes(1_000_000));
  }
  ({ snapshot } = (await world.run({ verb: 'backup' })).result ?? {});
});
beforeEach(() => world.freshTarget());
afterAll(() => world.remove());

it('a single path comes alone, whatever characters are in it, with the folders that lead to it as they were', async () => {
  const path = 'notes/2026/plan [draft]*.txt';
  const { result } = await world.run({ verb: 'restore', snapshot, path });

  expect(result).toMatchObject({ outcome: 'done', files: 1, bytes: 8 });
  expect(readFileSync(world.at('target', path), 'utf8')).toBe('the plan');
  expect(Object.keys(treeOf(world.at('target'))).toSorted()).toEqual(['.', 'notes', 'notes/2026', path]);
  expect(statSync(world.at('target/notes/2026'))).toMatchObject({ uid: 1000, gid: 100, mode: 0o40700 });
  expect(statSync(world.at('target/notes'))).toMatchObject({ uid: 1000, gid: 100, mode: 0o40750 });
});

it('a folder comes with all that is in it', async () => {
  const { result } = await world.run({ verb: 'restore', path: '/notes/' });
  expect(result).toMatchObject({ outcome: 'done', files: 3 });
  expect(treeOf(world.at('target/notes'))).toEqual(treeOf(world.at('source/notes')));
});

it('what the repository does not hold leaves the target empty', async () => {
  const empty = async (request: object): Promise<unknown> => {
    const { result } = await world.run({ verb: 'restore', ...request });
    expect(existsSync(world.at('target/data'))).toBe(false);
    return result;
  };
  expect(await empty({ path: 'notes/none' })).toMatchObject({ outcome: 'failed', reason: 'PathMissing' });
  world.freshTarget();
  expect(await empty({ snapshot: '0123456789abcdef' })).toMatchObject({ outcome: 'failed', reason: 'SnapshotMissing' });
  world.freshTarget();
  expect(await empty({ claim: 'claim-other' })).toMatchObject({ outcome: 'failed', reason: 'SnapshotMissing' });
  world.freshTarget();
  expect(await empty({ snapshot, treeDigest: '0'.repeat(64) })).toMatchObject({
    outcome: 'failed',
    reason: 'DigestMismatch',
  });
});

it('a target that holds anything is refused', async () => {
  world.write('target/somebody', 'is here');
  expect((await world.run({ verb: 'restore' })).result).toMatchObject({ outcome: 'failed', reason: 'TargetNotEmpty' });
  expect(readFileSync(world.at('target/somebody'), 'utf8')).toBe('is here');
});

it('a target of another restore that was interrupted is refused', async () => {
  const running = world.start({ verb: 'restore', snapshot });
  await sleep(900);
  running.kill();
  await running.told;
  const other = await world.run({ verb: 'restore', snapshot, path: 'notes' });
  expect(other.result).toMatchObject({ outcome: 'failed', reason: 'TargetNotEmpty' });
});

it('a target that is too small fails as such', async () => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=10m', 'tmpfs', world.at('target')]);
  try {
    expect((await world.run({ verb: 'restore' })).result).toMatchObject({ outcome: 'failed', reason: 'TargetFull' });
  } finally {
    execFileSync('umount', [world.at('target')]);
  }
});

it('killed at any point, the same restore succeeds when it is repeated, and leaves nothing of its own', async () => {
  const from = performance.now();
  await world.run({ verb: 'restore', snapshot });
  const whole = performance.now() - from;
  const expected = treeOf(world.at('source'));
  for (const share of [0.2, 0.5, 0.7, 0.8, 0.9, 0.95]) {
    world.freshTarget();
    const running = world.start({ verb: 'restore', snapshot });
    await sleep(whole * share);
    running.kill();
    const { result } = await running.told;
    // Told done and killed before it had taken away its own, it is repeated, too.
    const isOver = result?.outcome === 'done' && !existsSync(world.at('target', OURS));
    const last = isOver ? result : (await world.run({ verb: 'restore', snapshot })).result;
    expect(last).toMatchObject({ outcome: 'done' });
    expect({ share, tree: treeOf(world.at('target')) }).toEqual({ share, tree: expected });
  }
});

it('SIGTERM ends it as interrupted, and lets go of the repository', async () => {
  // Those of the ones that were killed just now, too: restic may take them for alive.
  world.restic(['unlock', '--remove-all']);
  const running = world.start({ verb: 'restore', snapshot });
  await sleep(900);
  running.child.kill('SIGTERM');
  expect(await running.told).toMatchObject({ code: 1, result: { outcome: 'failed', reason: 'Interrupted' } });
  expect(world.restic(['list', 'locks', '--no-lock'])).toBe('');
});

it('so it does when restic is just taking its lock, and would leave it there', async () => {
  const locks = world.at('repository', 'locks');
  const running = world.start({ verb: 'restore', snapshot });
  while (!readdirSync(locks).some(isLock)) await sleep(1);
  running.child.kill('SIGTERM');
  expect(await running.told).toMatchObject({ code: 1, result: { outcome: 'failed', reason: 'Interrupted' } });
  expect(readdirSync(locks).filter(isLock)).toEqual([]);
});

/** Else it is being written: it is none for restic, and stays when its writer is killed. */
const isLock = (name: string): boolean => !name.includes('-tmp-');
