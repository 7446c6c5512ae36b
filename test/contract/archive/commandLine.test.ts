// hubfn archive, as people run it: through the function, and straight on a cluster.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createArchives, type Archives } from '../../support/archives';
import { hubfn, kubeconfigOf, type Ended } from '../../support/commandLine';
import { eventually } from '../../support/eventually';
import { passwordOf } from '../../support/credentialFiles';

jest.setTimeout(180_000);

let archives: Archives;
let ticking: NodeJS.Timeout;

beforeAll(async () => {
  archives = await createArchives({ mover: { idle_seconds: 5 } });
  await archives.claims.create('claim-ada');
  await archives.claims.run('claim-ada', 'mkdir /data/sub; echo one > /data/sub/a; echo two > /data/b');
  // What was archived before anybody looked who uses it cannot be given up.
  await archives.caller.ping();
  // As a timer does, so that the ends of movers are noticed.
  ticking = setInterval(() => void archives.caller.ping().catch(() => undefined), 500);
});

afterAll(async () => {
  clearInterval(ticking);
  await archives?.world.close();
});

const run = async (...args: readonly string[]): Promise<Ended> =>
  hubfn(['archive', ...args], {
    environment: { HUBFN_URL: archives.instance.url, HUBFN_USER: 'hub-a', HUBFN_PASSWORD: passwordOf('hub-a') },
  });

test('an archive is made, listed, verified, drilled, restored, downloaded', async () => {
  const made = await run('backup', 'claim-ada', '--tag', 'term=2026');
  expect(made).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^archive \S+: backup done, 2 files, \d+ B\n$/) as string,
  });
  // Of the steps that were seen: each may be over between two looks.
  expect(made.errors).toMatch(/^(look|backup|confirm) .*files, /m);
  const [, id = ''] = /archive (\S+):/.exec(made.output) ?? [];

  expect((await run('verify', id)).output).toContain('verify done');
  expect((await run('verify', id, '--drill')).output).toContain('drill done');
  const listed = await run('list', '--of', 'ada');
  expect(listed.output).toMatch(new RegExp(`^ID .*\n${id} +claim-ada +ada +2\\S+ +2 +8 B .* kept\n$`));
  expect(JSON.parse((await run('list', '--json')).output)).toEqual([expect.objectContaining({ id })]);

  const restored = await run('restore', id, '--to', 'claim-new', '--path', '/sub');
  expect(restored).toMatchObject({ code: 0, output: `archive ${id}: restore done, restored to claim claim-new\n` });
  const file = join(archives.world.workspace.root, 'a');
  expect(await run('download', id, '--path', '/sub/a', '-o', file)).toMatchObject({ code: 0 });
  expect(readFileSync(file, 'utf8')).toBe('one\n');
});

test('what cannot be done is told in one line', async () => {
  expect(await run('backup', 'nobodys')).toMatchObject({
    code: 1,
    errors: expect.stringContaining('no claim nobodys') as string,
  });
  expect(await run('backup')).toMatchObject({ code: 2 });
  expect(await run('verify', 'no-such')).toMatchObject({ code: 1, errors: 'hubfn: Archive not found\n' });
  await archives.claims.create('claim-bob');
  expect(await run('release', 'claim-bob')).toMatchObject({
    code: 1,
    errors: expect.stringMatching(/^hubfn: Claim claim-bob has no archive/) as string,
  });
  expect(await run('release', '--list')).toMatchObject({ code: 0, output: 'no claim is on its way out\n' });
  expect(await run('undo', 'no-such')).toMatchObject({ code: 1 });
});

test('a claim is given up, and comes back', async () => {
  const { kube } = archives.world.cluster;
  const held = async (finalizers: readonly string[]): Promise<unknown> =>
    kube.patch('persistentvolumeclaims', 'claim-ada', { metadata: { finalizers } });
  const claim = await kube.get('persistentvolumeclaims', 'claim-ada');
  await held([...(claim?.metadata?.finalizers ?? []), 'test/held']);
  const released = run('release', 'claim-ada');
  await eventually(async () => (await run('release', '--list')).output.match(/claim-ada +releasing/));
  await held([]);

  const given = await released;
  expect(given).toMatchObject({ code: 0, output: expect.stringContaining('claim claim-ada released') as string });
  expect(given.errors).toMatch(/^claim claim-ada releasing/);
  expect(given.errors).not.toContain('hubfn:');
  expect((await run('release', '--list')).output).toMatch(/claim-ada +released/);
  const [, id = ''] = /hubfn archive undo (\S+) brings it back/.exec(given.output) ?? [];
  expect(await run('undo', id)).toMatchObject({ code: 0, output: 'claim claim-ada back\n' });
  expect((await run('release', '--list')).output).toMatch(/^no claim/);
});

test('straight on a cluster nobody else has to go on', async () => {
  clearInterval(ticking);
  const { world, environment } = archives;
  const direct = { ...environment, KUBECONFIG: kubeconfigOf(world) };
  const made = await hubfn(['archive', 'backup', 'claim-ada', '-n', world.cluster.namespace], { environment: direct });
  expect(made).toMatchObject({ code: 0, output: expect.stringContaining('backup done') as string });
});
