// The whole life of an archive in a repository on a real S3 server, whose credentials nobody but movers has.
import { createArchivesOnS3, S3_SECRET, type ArchivesOnS3 } from '../../support/archiveOnS3';
import { eventually } from '../../support/eventually';
import { MOVERS, untilMoversEnded } from '../../support/movers';
import type { ArchiveObject } from '../../support/archives';

jest.setTimeout(180_000);

let archives: ArchivesOnS3;
let made: ArchiveObject;

beforeAll(async () => {
  archives = await createArchivesOnS3({ mover: { idle_seconds: 5 } });
  await archives.caller.ping();
  await archives.claims.create('claim-ada');
  await archives.claims.run(
    'claim-ada',
    'mkdir /data/.sub; head -c 9000000 /dev/urandom > /data/.sub/big; cd /data; sha256sum .sub/big > sums',
  );
});

afterAll(async () => archives?.close());

test('a backup is kept there and nowhere else, and read whole', async () => {
  const { ask, backUp, rested, stored, world } = archives;
  made = await rested(await backUp('claim-ada'));
  expect(made).toMatchObject({ phase: 'kept', files: 2, last: { outcome: 'done' } });
  expect(stored().bytes).toBeGreaterThan(9_000_000);
  expect(await world.cluster.kube.get('persistentvolumeclaims', 'archive-repository')).toBeUndefined();

  const verified = await rested(await ask(made, 'verify'));
  expect(verified.verifiedAt).toBeDefined();
});

test('movers name the Secret, and nobody writes down what is in it', async () => {
  const { ask, get, instance, rested, server, world } = archives;
  const { kube } = world.cluster;
  await ask(made, 'verify');
  await untilMoversEnded(kube);
  const [mover] = await kube.list('pods', MOVERS);
  expect(mover).toMatchObject({
    spec: {
      automountServiceAccountToken: false,
      containers: [
        {
          env: expect.arrayContaining(
            ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].map((name) => ({
              name,
              valueFrom: { secretKeyRef: { name: S3_SECRET, key: name } },
            })),
          ) as object[],
        },
      ],
    },
  });
  await rested(made);

  const written = JSON.stringify([mover, await kube.list('configmaps'), await get(made.id), instance.output()]);
  for (const secret of Object.values(server.environment)) expect(written).not.toContain(secret);
});

test('a file is downloaded, and all of it restored to a new claim', async () => {
  const { ask, claims, rested, send } = archives;
  const sums = await send('GET', `/archives/${made.id}/download?path=/sums`);
  expect(sums).toMatchObject({ status: 200, text: expect.stringMatching(/^[0-9a-f]{64} {2}\.sub\/big\n$/) as string });
  await rested(made);

  const restored = await rested(await ask(made, 'restore', { claim: 'claim-ada-again' }));
  expect(restored.last).toMatchObject({ verb: 'restore', outcome: 'done' });
  expect(await claims.run('claim-ada-again', 'cd /data && sha256sum -c sums')).toBe('.sub/big: OK\n');
});

test("a user's password is changed, and his archives are still there", async () => {
  const { ask, rested, send, world } = archives;
  const asked = await send('POST', '/archives/keys/rotate', { json: { user: 'ada' } });
  expect(asked).toMatchObject({ status: 202, body: { operation: { verb: 'rotate' } } });
  const verified = await rested(await ask(made, 'verify'));
  expect(verified.last).toMatchObject({ verb: 'verify', outcome: 'done' });
  const keys = await world.cluster.kube.list('secrets', 'hub-functions/kind=archive-key');
  expect(keys.filter(({ metadata }) => metadata?.name?.endsWith('-1'))).toHaveLength(1);
});

test('a claim is given up by what is kept there, and comes back', async () => {
  const { caller, claims, send, world } = archives;
  const { kube } = world.cluster;
  await caller.ping();
  const released = await send('POST', '/archives/release', { json: { claim: 'claim-ada' } });
  expect(released).toMatchObject({ status: 202, body: { archive: made.id } });
  await eventually(
    async () => ((await kube.get('persistentvolumeclaims', 'claim-ada')) === undefined ? true : undefined),
    60,
  );

  expect([200, 202]).toContain((await send('POST', `/archives/${made.id}/undo`)).status);
  await eventually(async () => {
    await caller.ping();
    return (await send('GET', '/archives/release')).text === '[]' ? true : undefined;
  }, 60);
  expect(await claims.run('claim-ada', 'cd /data && sha256sum -c sums')).toBe('.sub/big: OK\n');
});
