// forget, delete, list and rotate: what goes, what never goes, and who may open what is left.
import { writeFileSync } from 'node:fs';
import { createMoverWorld, type MoverWorld } from '../support/mover/mover';

let world: MoverWorld;

beforeEach(() => {
  world = createMoverWorld();
  world.write('source/file', 'content');
});
afterEach(() => world.remove());

async function backUp(request: object = {}): Promise<string> {
  const { result } = await world.run({ verb: 'backup', ...request });
  return String(result?.['snapshot']);
}

async function listed(claim = 'claim-ada'): Promise<readonly string[]> {
  const { result } = await world.run({ verb: 'list', claim });
  return ((result?.['snapshots'] ?? []) as { id: string }[]).map(({ id }) => id);
}

const beginning = (id: string): string => id.slice(0, 32);

it('the policy lets older snapshots go, but never a held one, a protected one or the last one', async () => {
  const held = await backUp({ tags: { hold: 'true' } });
  const proven = await backUp();
  const old = await backUp();
  const last = await backUp();

  const { result } = await world.run({ verb: 'forget', keep: {}, snapshot: proven });
  expect(result).toMatchObject({ outcome: 'done', total: 3 });
  expect(await listed()).toEqual([last, proven, held].map(beginning));
  expect(await listed()).not.toContain(beginning(old));

  expect((await world.run({ verb: 'forget', keep: { daily: 1 } })).result).toMatchObject({ outcome: 'done', total: 2 });
  expect(await listed()).toEqual([last, held].map(beginning));
});

it('space of what is forgotten is freed, and other claims in the repository stay', async () => {
  const other = await backUp({ claim: 'claim-other' });
  await backUp();
  await backUp();
  await world.run({ verb: 'forget', keep: { last: 1 } });
  expect(await listed('claim-other')).toEqual([beginning(other)]);
  expect(await listed()).toHaveLength(1);
  expect((await world.run({ verb: 'verify' })).result).toMatchObject({ outcome: 'done' });
});

it('forget of a claim without snapshots has nothing to do', async () => {
  await backUp();
  const { result } = await world.run({ verb: 'forget', claim: 'claim-none', keep: { last: 1 } });
  expect(result).toMatchObject({ outcome: 'done', total: 0 });
  expect(await listed()).toHaveLength(1);
});

it('delete takes one snapshot, may be repeated, and refuses a held one', async () => {
  const held = await backUp({ tags: { hold: 'legal' } });
  const other = await backUp();

  expect((await world.run({ verb: 'delete', snapshot: held })).result).toMatchObject({
    outcome: 'failed',
    reason: 'SnapshotHeld',
  });
  expect((await world.run({ verb: 'delete' })).result).toMatchObject({ outcome: 'failed', reason: 'SnapshotMissing' });
  for (let turn = 0; turn < 2; turn += 1) {
    expect((await world.run({ verb: 'delete', snapshot: other })).result).toMatchObject({ outcome: 'done', total: 1 });
  }
  expect(await listed()).toEqual([beginning(held)]);
});

it('delete of an archive takes every snapshot that was made for it, named or not, and no other', async () => {
  const request = { verb: 'delete', tags: { archive: 'a1' } };
  expect((await world.run(request)).result).toMatchObject({ outcome: 'done', total: 0 });
  const other = await backUp({ tags: { archive: 'a2' } });
  await backUp({ tags: { archive: 'a1' } });
  expect((await world.run(request)).result).toMatchObject({ outcome: 'done', total: 1 });

  const named = await backUp();
  await backUp({ tags: { archive: 'a1' } });
  expect((await world.run({ ...request, snapshot: named })).result).toMatchObject({ outcome: 'done', total: 1 });
  expect(await listed()).toEqual([beginning(other)]);
});

it('a list tells what is known of each snapshot, newest first', async () => {
  await backUp();
  world.write('source/second', 'more');
  await backUp({ tags: { hold: 'true' } });
  const { result } = await world.run({ verb: 'list' });
  expect(result).toMatchObject({
    outcome: 'done',
    total: 2,
    snapshots: [
      { files: 2, bytes: 11, hold: true },
      { files: 1, bytes: 7 },
    ],
  });
});

it('a repository that is not there is told as such, and not made', async () => {
  for (const verb of ['list', 'verify', 'restore', 'forget', 'rotate']) {
    writeFileSync(world.at('keys/next'), 'the next one');
    const { result } = await world.run({ verb });
    expect({ verb, result }).toMatchObject({ verb, result: { outcome: 'failed', reason: 'NoRepository' } });
  }
});

it('rotation puts the next password in force, ends the old one, keeps the escrow key, and may be repeated', async () => {
  writeFileSync(world.at('keys/escrow'), 'of the operator');
  await backUp();
  writeFileSync(world.at('keys/next'), 'the next one');

  expect((await world.run({ verb: 'rotate' })).result).toMatchObject({ outcome: 'done' });
  expect(() => world.restic(['cat', 'config'])).toThrow('wrong password');
  expect(world.restic(['snapshots', '--json'], 'next')).toContain('"id"');
  expect(world.restic(['snapshots', '--json'], 'escrow')).toContain('"id"');
  expect((await world.run({ verb: 'rotate' })).result).toMatchObject({ outcome: 'done' });
});

it('rotation to the same password, to the escrow password, or from a wrong one is refused and changes nothing', async () => {
  writeFileSync(world.at('keys/escrow'), 'of the operator');
  await backUp();
  for (const next of ['of the user', 'of the operator']) {
    writeFileSync(world.at('keys/next'), next);
    expect((await world.run({ verb: 'rotate' })).result).toMatchObject({ outcome: 'failed', reason: 'WrongKey' });
  }
  writeFileSync(world.at('keys/next'), 'the next one');
  writeFileSync(world.at('keys/password'), 'of somebody else');
  expect((await world.run({ verb: 'rotate' })).result).toMatchObject({ outcome: 'failed', reason: 'WrongKey' });
  writeFileSync(world.at('keys/password'), 'of the user');
  expect(JSON.parse(world.restic(['key', 'list', '--json']))).toHaveLength(2);
});
