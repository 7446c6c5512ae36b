// Claims are archived, read again, restored and removed, by a real restic in real pods.
import { createArchives, type Archives } from '../../support/archives';

jest.setTimeout(180_000);

let archives: Archives;

beforeAll(async () => {
  archives = await createArchives();
  await archives.claims.create('claim-ada');
  await archives.claims.run(
    'claim-ada',
    'mkdir -p /data/.config/deep; echo secret > /data/.config/deep/key; echo hi > /data/notes; ln -s notes /data/link',
  );
});

afterAll(async () => archives?.world.close());

test('an archive is made, read whole, restored to a new claim, and removed', async () => {
  const { backUp, rested, ask, send, claims } = archives;
  const asked = await backUp('claim-ada', { tags: { term: '2026' } });
  expect(asked).toMatchObject({ claim: 'claim-ada', user: 'ada', phase: 'active' });

  const made = await rested(asked);
  expect(made).toMatchObject({ phase: 'kept', last: { verb: 'backup', outcome: 'done' } });
  expect(made.files).toBeGreaterThanOrEqual(2);
  expect(made.verifiedAt).toBeUndefined();

  const verified = await rested(await ask(made, 'verify'));
  expect(verified.last).toMatchObject({ verb: 'verify', outcome: 'done' });
  expect(Date.parse(verified.verifiedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);

  const restored = await rested(await ask(made, 'restore', { claim: 'claim-ada-again' }));
  expect(restored.last).toMatchObject({ verb: 'restore', outcome: 'done', claim: 'claim-ada-again' });
  const claim = await archives.world.cluster.kube.get('persistentvolumeclaims', 'claim-ada-again');
  expect(claim?.metadata).toMatchObject({
    labels: { 'hub-functions/ready': 'true' },
    annotations: { 'hub.jupyter.org/username': 'ada' },
  });
  expect(claim?.metadata?.ownerReferences).toBeUndefined();
  expect(await claims.run('claim-ada-again', 'cat /data/.config/deep/key /data/link')).toBe('secret\nhi\n');

  const drilled = await rested(await ask(made, 'drill'));
  expect(drilled.last).toMatchObject({ verb: 'drill', outcome: 'done' });
  expect(drilled.drilledAt).toBeDefined();

  expect((await send('DELETE', `/archives/${made.id}`)).status).toBe(409);
  await send('DELETE', `/archives/${made.id}?force=true`);
  await expect(archives.rested(made)).resolves.toMatchObject({ detail: 'Archive not found' });
});
