// A repository in a real S3 server: the same as in a folder, and clear words when the server is away or refuses.
import { writeFileSync } from 'node:fs';
import { createMoverWorld, type MoverWorld } from '../support/mover/mover';
import { startS3Server, type S3Server } from '../support/mover/s3Server';
import { makeHome, treeOf } from '../support/mover/tree';

let server: S3Server;
let world: MoverWorld;

beforeAll(async () => {
  server = await startS3Server();
  const { repository, environment } = server;
  world = createMoverWorld({ repository: `${repository}/${'a1'.repeat(8)}`, environment });
  makeHome(world.at('source'));
  writeFileSync(world.at('keys/escrow'), 'of the operator');
});
afterAll(async () => {
  world.remove();
  await server.remove();
});

it('backs up, lists, verifies, drills, restores and forgets', async () => {
  const { result } = await world.run({ verb: 'backup' });
  expect(result).toMatchObject({ outcome: 'done' });
  const again = await world.run({ verb: 'backup' });
  expect(again.result).toMatchObject({ outcome: 'done', parent: result?.['snapshot'] });
  expect((await world.run({ verb: 'verify' })).result).toMatchObject({ outcome: 'done' });
  expect((await world.run({ verb: 'drill' })).result).toMatchObject({ outcome: 'done', files: result?.files });
  world.freshTarget();
  expect((await world.run({ verb: 'restore' })).result).toMatchObject({ outcome: 'done', files: result?.files });
  expect(treeOf(world.at('target'))).toEqual(treeOf(world.at('source')));
  expect((await world.run({ verb: 'forget', keep: { last: 1 } })).result).toMatchObject({ outcome: 'done', total: 1 });
  expect(world.restic(['snapshots', '--json'], 'escrow')).toContain('"id"');
  expect(JSON.parse(world.restic(['key', 'list', '--json']))).toHaveLength(2);
});

it('a wrong key and wrong credentials are told apart, and make nothing', async () => {
  writeFileSync(world.at('keys/password'), 'of somebody else');
  expect((await world.run({ verb: 'backup' })).result).toMatchObject({ outcome: 'failed', reason: 'WrongKey' });
  writeFileSync(world.at('keys/password'), 'of the user');
  const refused = await world.run({ verb: 'backup' }, { AWS_SECRET_ACCESS_KEY: 'guessed' });
  expect(refused.result).toMatchObject({ outcome: 'failed', reason: 'RepositoryUnreachable' });
  expect(refused.output).not.toContain('guessed');
  const stranger = await world.run({ verb: 'backup' }, { AWS_ACCESS_KEY_ID: 'nobody' });
  expect(stranger.result).toMatchObject({ outcome: 'failed', reason: 'RepositoryUnreachable' });
  const nowhere = await world.run({ verb: 'backup' }, { RESTIC_REPOSITORY: `${server.repository}-none/a1` });
  expect(nowhere.result).toMatchObject({ outcome: 'failed', reason: 'RepositoryUnreachable' });
  expect((await world.run({ verb: 'list' })).result).toMatchObject({ outcome: 'done', total: 1 });
});

it('a server that is away is told within seconds, and is no reason for a new repository', async () => {
  await server.stop();
  const from = performance.now();
  expect((await world.run({ verb: 'backup' })).result).toMatchObject({
    outcome: 'failed',
    reason: 'RepositoryUnreachable',
  });
  expect(performance.now() - from).toBeLessThan(20_000);
  await server.start();
  expect((await world.run({ verb: 'list' })).result).toMatchObject({ outcome: 'done', total: 1 });
});
