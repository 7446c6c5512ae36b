// backup and restore: everything comes back, and nothing that looks like a loss becomes a snapshot.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createMoverWorld, untilPhase, type MoverWorld } from '../support/mover/mover';
import { makeHome, treeOf } from '../support/mover/tree';

let world: MoverWorld;

beforeEach(() => {
  world = createMoverWorld();
});
afterEach(() => world.remove());

function fill(files: number): void {
  for (let index = 0; index < files; index += 1) world.write(`source/f${index}`, `content ${index}`);
}

function snapshots(): readonly { readonly id: string }[] {
  return JSON.parse(world.restic(['snapshots', '--json'])) as { id: string }[];
}

it('a home comes back as it was: dotfiles, links, hard links, modes, owners, attributes, holes, odd names', async () => {
  makeHome(world.at('source'));
  mkdirSync(world.at('source/lost+found'));
  const { result, code } = await world.run({ verb: 'backup' });
  expect({ code, result }).toMatchObject({ code: 0, result: { outcome: 'done', changedWhileRead: 0 } });

  const restored = await world.run({ verb: 'restore', snapshot: result?.['snapshot'] });
  expect(restored.result).toMatchObject({
    outcome: 'done',
    files: result?.files,
    bytes: result?.bytes,
    treeDigest: result?.['treeDigest'],
  });
  rmSync(world.at('source/lost+found'), { recursive: true });
  const [source, target] = [treeOf(world.at('source')), treeOf(world.at('target'))];
  expect(source['sparse']).toMatchObject({ isSparse: true });
  expect(Object.keys(source).length).toBeGreaterThanOrEqual(20);
  expect(target).toEqual(source);
});

it('tells a progress of files and bytes, and a result that names parent, tree and newest change', async () => {
  fill(3);
  const first = await world.run({ verb: 'backup' });
  world.write('source/f0', 'changed');
  const second = await world.run({ verb: 'backup', tags: { reason: 'test' } });

  expect(second.result).toMatchObject({ outcome: 'done', files: 3, parent: first.result?.['snapshot'] });
  expect(second.result?.['treeDigest']).toMatch(/^[0-9a-f]{64}$/);
  expect(second.result?.['treeDigest']).not.toBe(first.result?.['treeDigest']);
  expect(Math.abs(Date.parse(String(second.result?.['newestChange'])) - Date.now())).toBeLessThan(30_000);
  const lines = second.output.split('\n').filter((line) => line.includes('"progress"'));
  expect(JSON.parse(lines.find((line) => line.includes('"backup"')) ?? '{}')).toMatchObject({
    progress: { phase: 'backup', files: expect.any(Number), totalBytes: expect.any(Number), rate: expect.any(Number) },
  });
});

it('the operator opens every repository with the escrow key, which is added once and labelled', async () => {
  fill(2);
  writeFileSync(world.at('keys/escrow'), 'of the operator');
  await world.run({ verb: 'backup' });
  await world.run({ verb: 'backup' });

  expect(world.restic(['snapshots', '--json'], 'escrow')).toContain('"id"');
  const keys = JSON.parse(world.restic(['key', 'list', '--json'])) as { userName: string }[];
  expect(keys.filter(({ userName }) => userName === 'escrow')).toHaveLength(1);
  expect(keys).toHaveLength(2);
});

it('a mover that was killed before the escrow key was there adds it the next time', async () => {
  fill(2);
  await world.run({ verb: 'backup' });
  writeFileSync(world.at('keys/escrow'), 'of the operator');
  await world.run({ verb: 'backup' });

  expect(world.restic(['snapshots', '--json'], 'escrow')).toContain('"id"');
});

it('a wrong key makes no second repository and writes nothing', async () => {
  fill(2);
  await world.run({ verb: 'backup' });
  const before = treeOf(world.repository);
  writeFileSync(world.at('keys/password'), 'of somebody else');

  for (const verb of ['backup', 'list', 'restore', 'verify', 'forget']) {
    expect((await world.run({ verb })).result).toMatchObject({ outcome: 'failed', reason: 'WrongKey' });
  }
  expect(treeOf(world.repository)).toEqual(before);
  expect(readdirSync(world.at('target')).filter((name) => !name.startsWith('.hub'))).toEqual([]);
});

it('a repository that lost its config is not begun anew', async () => {
  fill(2);
  await world.run({ verb: 'backup' });
  rmSync(world.at('repository/config'));

  expect((await world.run({ verb: 'backup' })).result).toMatchObject({
    outcome: 'failed',
    reason: 'RepositoryDamaged',
  });
  expect(existsSync(world.at('repository/config'))).toBe(false);
});

it('what a killed init left behind is begun anew', async () => {
  fill(2);
  await world.run({ verb: 'backup' });
  const key = readdirSync(world.at('repository/keys'))[0] ?? '';
  cpSync(world.at('repository/keys', key), world.at('key'));
  rmSync(world.at('repository'), { recursive: true });
  mkdirSync(world.at('repository/keys'), { recursive: true });
  cpSync(world.at('key'), world.at('repository/keys', key));

  expect((await world.run({ verb: 'backup' })).result).toMatchObject({ outcome: 'done' });
  expect((await world.run({ verb: 'list' })).result).toMatchObject({ outcome: 'done', total: 1 });
});

it('an empty source and an absent one are refused, and make no repository', async () => {
  mkdirSync(world.at('source/lost+found'));
  expect((await world.run({ verb: 'backup' })).result).toMatchObject({ outcome: 'failed', reason: 'SourceEmpty' });
  rmSync(world.at('source'), { recursive: true });
  expect(await world.run({ verb: 'backup' })).toMatchObject({ code: 1, result: { reason: 'SourceMissing' } });
  expect(existsSync(world.repository)).toBe(false);
});

it('a source that lost nine files in ten is refused, unless that is said to be right', async () => {
  fill(40);
  await world.run({ verb: 'backup' });
  for (let index = 3; index < 40; index += 1) rmSync(world.at(`source/f${index}`));

  const { result } = await world.run({ verb: 'backup' });
  expect(result).toMatchObject({ outcome: 'failed', reason: 'SourceTruncated' });
  expect(snapshots()).toHaveLength(1);
  expect((await world.run({ verb: 'backup', tags: { allowShrink: 'true' } })).result).toMatchObject({
    outcome: 'done',
  });
});

it('a source of which more was expected is refused, and so is one whose files are all empty', async () => {
  fill(5);
  const expected = { verb: 'backup', sourceExpected: { minFiles: 100 } };
  expect((await world.run(expected)).result).toMatchObject({ outcome: 'failed', reason: 'SourceTruncated' });
  await world.run({ verb: 'backup' });
  for (let index = 0; index < 5; index += 1) world.write(`source/f${index}`, '');
  expect((await world.run({ verb: 'backup' })).result).toMatchObject({ outcome: 'failed', reason: 'SourceTruncated' });
  expect(snapshots()).toHaveLength(1);
});

it('a bad request ends with 2 and says what is wrong with it', async () => {
  const wrong = await world.run({ verb: 'copy', path: '../other', tags: { a: 'b,c' } });
  expect(wrong).toMatchObject({ code: 2, result: { outcome: 'failed', reason: 'Unknown' } });
  expect(wrong.result?.message).toMatch(/verb[\s\S]*path/);
  expect((await world.run({ verb: 'list' }, { RESTIC_REPOSITORY: 's3:http://key:secret@host/b' })).code).toBe(2);
  expect((await world.run({}, { MOVER_REQUEST: 'no json' })).code).toBe(2);
});

it('no password is ever told', async () => {
  fill(2);
  writeFileSync(world.at('keys/escrow'), 'of the operator');
  const { output } = await world.run({ verb: 'backup' });
  writeFileSync(world.at('keys/password'), 'of somebody else');
  const failed = await world.run({ verb: 'backup' });
  expect(output + failed.output).not.toMatch(/of the user|of the operator|of somebody else/);
});

it('what the mover may not read is no backup, and leaves no snapshot', async () => {
  fill(30);
  chmodSync(world.at('source/f1'), 0);
  for (const folder of ['', 'cache']) chmodSync(world.at(folder), 0o777);

  const { result } = await world.run({ verb: 'backup' }, { AS_USER: '65534' });
  expect(result).toMatchObject({ outcome: 'failed', reason: 'SourceTruncated' });
  expect(result?.message).toContain('f1');
  expect(snapshots()).toEqual([]);
});

it('files that change while they are read are counted, and too many of them make no snapshot', async () => {
  fill(150);
  world.write('source/large', 'x'.repeat(40_000_000));
  const few = world.start({ verb: 'backup' });
  await untilPhase(few, 'backup');
  world.write('source/f1', 'changed meanwhile');
  expect((await few.told).result).toMatchObject({ outcome: 'done', changedWhileRead: 1 });

  world.write('source/large', 'y'.repeat(40_000_000));
  const many = world.start({ verb: 'backup' });
  await untilPhase(many, 'backup');
  for (let index = 0; index < 140; index += 1) world.write(`source/f${index}`, 'changed meanwhile');
  expect((await many.told).result).toMatchObject({ outcome: 'failed', reason: 'FilesChanged' });
  expect(snapshots()).toHaveLength(1);
});

it('a full repository fails a backup, keeps what was there, and can still be read', async () => {
  fill(3);
  mkdirSync(world.at('repository'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', world.at('repository')]);
  try {
    await world.run({ verb: 'backup' });
    writeFileSync(world.at('source/large'), randomBytes(8_000_000));
    expect((await world.run({ verb: 'backup' })).result).toMatchObject({ outcome: 'failed', reason: 'RepositoryFull' });
    expect((await world.run({ verb: 'restore' })).result).toMatchObject({ outcome: 'done', files: 3 });
    expect((await world.run({ verb: 'forget', keep: { last: 5 } })).result).toMatchObject({
      outcome: 'done',
      total: 1,
    });
    rmSync(world.at('source/large'));
    expect((await world.run({ verb: 'backup' })).result).toMatchObject({ outcome: 'done' });
  } finally {
    execFileSync('umount', [world.at('repository')]);
  }
});
