// verify and drill: a repository that lost or changed anything is told from one that can be relied on.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync, chmodSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createMoverWorld, type MoverWorld } from '../support/mover/mover';
import { makeHome } from '../support/mover/tree';

let world: MoverWorld;
let made: Readonly<Record<string, unknown>>;

beforeEach(async () => {
  world = createMoverWorld();
  makeHome(world.at('source'));
  made = (await world.run({ verb: 'backup' })).result ?? {};
});
afterEach(() => world.remove());

/** The largest pack holds contents. */
function largestPack(): string {
  const folder = world.at('repository/data');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return (
    files.filter((file) => statSync(file).isFile()).toSorted((a, b) => statSync(b).size - statSync(a).size)[0] ?? ''
  );
}

it('a sound repository is verified by reading all of it', async () => {
  const { snapshot, treeDigest } = made;
  const { result } = await world.run({ verb: 'verify', snapshot, treeDigest });
  expect(result).toMatchObject({ outcome: 'done', snapshot, treeDigest, files: made['files'] });
});

it('one changed byte is found', async () => {
  const pack = largestPack();
  const bytes = readFileSync(pack);
  bytes[1000] = (bytes[1000] ?? 0) ^ 1;
  chmodSync(pack, 0o600);
  writeFileSync(pack, bytes);

  for (const verb of ['verify', 'restore', 'drill']) {
    world.freshTarget();
    expect((await world.run({ verb })).result).toMatchObject({ outcome: 'failed', reason: 'RepositoryDamaged' });
    expect(readdirSync(world.at('target')).filter((name) => !name.startsWith('.hub-functions'))).toEqual([]);
  }
});

it('a missing pack and a missing snapshot are found', async () => {
  const { snapshot, treeDigest } = made;
  rmSync(largestPack(), { force: true });
  expect((await world.run({ verb: 'verify', snapshot })).result).toMatchObject({ reason: 'RepositoryDamaged' });
  rmSync(world.at('repository/snapshots', String(snapshot)), { force: true });
  expect((await world.run({ verb: 'verify', snapshot, treeDigest })).result).toMatchObject({
    reason: 'SnapshotMissing',
  });
});

it('a snapshot with another tree than was told is not verified', async () => {
  const { result } = await world.run({ verb: 'verify', snapshot: made['snapshot'], treeDigest: 'f'.repeat(64) });
  expect(result).toMatchObject({ outcome: 'failed', reason: 'DigestMismatch' });
});

it('a drill restores and compares every file, and says how many', async () => {
  const { result } = await world.run({ verb: 'drill', snapshot: made['snapshot'], treeDigest: made['treeDigest'] });
  expect(result).toMatchObject({ outcome: 'done', files: made['files'], treeDigest: made['treeDigest'] });
  expect(result?.message).toMatch(/^\d+ entries compared, of (1[0-9]) files every byte/);
});

it('a drill may compare a share of the contents, the same one each time', async () => {
  for (let index = 0; index < 200; index += 1) world.write(`source/many/${index}`, randomBytes(8).toString('hex'));
  await world.run({ verb: 'backup' });
  const counts: unknown[] = [];
  for (let turn = 0; turn < 2; turn += 1) {
    world.freshTarget();
    const { result } = await world.run({ verb: 'drill', drillSample: 0.2 });
    expect(result?.outcome).toBe('done');
    counts.push(/of (\d+) files/.exec(result?.message ?? '')?.[1]);
  }
  expect(counts[0]).toBe(counts[1]);
  expect(Number(counts[0])).toBeGreaterThan(15);
  expect(Number(counts[0])).toBeLessThan(90);
});
