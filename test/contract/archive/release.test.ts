// A claim is given up only when it is safe to, its volume stays for a while, and comes back when that was a mistake.
import { createArchives, type Archives, type ArchiveObject } from '../../support/archives';
import { eventually } from '../../support/eventually';

jest.setTimeout(180_000);

const GRACE_SECONDS = 4;

let archives: Archives;
const kube = (): Archives['world']['cluster']['kube'] => archives.world.cluster.kube;

beforeAll(async () => {
  archives = await createArchives({ grace_days: GRACE_SECONDS / 86_400 });
  // So that it is known from the beginning who uses what.
  await archives.caller.ping();
});

afterAll(async () => archives?.world.close());

interface Volume {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly persistentVolumeReclaimPolicy: string; readonly claimRef?: { readonly uid?: string } };
}

async function volumeOf(claim: string): Promise<string> {
  const found = await kube().get('persistentvolumeclaims', claim);
  return (found?.['spec'] as { readonly volumeName: string } | undefined)?.volumeName ?? '';
}

async function volume(name: string): Promise<Volume | undefined> {
  const { status, body } = await kube().send('GET', `/api/v1/persistentvolumes/${name}`);
  return status === 404 ? undefined : (body as unknown as Volume);
}

async function filled(claim: string): Promise<void> {
  await archives.claims.create(claim);
  await archives.claims.run(claim, `echo ${claim} > /data/name`);
}

async function proven(claim: string): Promise<ArchiveObject> {
  const { rested, backUp, ask } = archives;
  const made = await rested(await ask(await rested(await backUp(claim)), 'verify'));
  await archives.caller.ping();
  return made;
}

const release = async (claim: string) => archives.send('POST', '/archives/release', { json: { claim } });

test('it is refused until all of it is proven, and each refusal says what to do', async () => {
  const { rested, backUp, ask, claims, caller } = archives;
  await filled('claim-ada');
  expect(await release('claim-ada')).toMatchObject({
    status: 409,
    body: { detail: 'Claim claim-ada has no archive. Make one, and verify it.' },
  });

  const made = await rested(await backUp('claim-ada'));
  expect(await release('claim-ada')).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('never read whole') as string },
  });

  await rested(await ask(made, 'verify'));
  const letGo = await claims.hold('claim-ada');
  expect(await release('claim-ada')).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('in use by hand-') as string },
  });
  await caller.ping();
  await letGo();
  await caller.ping();
  expect(await release('claim-ada')).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('in use after archive') as string },
  });
  expect((await kube().get('persistentvolumeclaims', 'claim-ada'))?.metadata?.deletionTimestamp).toBeUndefined();
});

test('a released claim comes back with its volume, which goes with it again', async () => {
  await filled('claim-bob');
  const name = await volumeOf('claim-bob');
  const made = await proven('claim-bob');
  const policy = (await volume(name))?.spec.persistentVolumeReclaimPolicy;

  const released = await release('claim-bob');
  expect(released).toMatchObject({ status: 202, body: { claim: 'claim-bob', archive: made.id, volume: name } });
  await eventually(
    async () => ((await kube().get('persistentvolumeclaims', 'claim-bob')) === undefined ? true : undefined),
    60,
  );
  expect((await volume(name))?.spec.persistentVolumeReclaimPolicy).toBe('Retain');

  const undone = await archives.send('POST', `/archives/${made.id}/undo`);
  expect([200, 202]).toContain(undone.status);
  await eventually(async () => {
    await archives.caller.ping();
    return (await archives.send('GET', '/archives/release')).text === '[]' ? true : undefined;
  }, 60);
  expect(await volumeOf('claim-bob')).toBe(name);
  expect((await volume(name))?.spec.persistentVolumeReclaimPolicy).toBe(policy);
  expect((await kube().get('persistentvolumeclaims', 'claim-bob'))?.metadata?.annotations).toMatchObject({
    'hub.jupyter.org/username': 'bob',
  });
  expect(await archives.claims.run('claim-bob', 'cat /data/name')).toBe('claim-bob\n');
});

test('after the grace period the volume goes for good, and the archive is still there', async () => {
  await filled('claim-cy');
  const name = await volumeOf('claim-cy');
  const made = await proven('claim-cy');
  expect((await release('claim-cy')).status).toBe(202);

  await eventually(async () => {
    await archives.caller.ping();
    return (await volume(name)) === undefined ? true : undefined;
  }, 60);
  await archives.caller.ping();
  expect((await archives.send('GET', '/archives/release')).body).toEqual([]);
  expect(await archives.send('POST', `/archives/${made.id}/undo`)).toMatchObject({ status: 404 });
  const restored = await archives.rested(await archives.ask(made, 'restore', { claim: 'claim-cy-new' }));
  expect(restored.last).toMatchObject({ outcome: 'done' });
  expect(await archives.claims.run('claim-cy-new', 'cat /data/name')).toBe('claim-cy\n');
});

test('another claim of the old name is never touched by an undo, which goes on when that is gone', async () => {
  await filled('claim-dot');
  const name = await volumeOf('claim-dot');
  const made = await proven('claim-dot');
  await release('claim-dot');
  await eventually(
    async () => ((await kube().get('persistentvolumeclaims', 'claim-dot')) === undefined ? true : undefined),
    60,
  );
  const other = await archives.claims.create('claim-dot');

  const kept = await archives.send('DELETE', `/archives/${made.id}?force=true`);
  expect(kept).toMatchObject({ status: 409, body: { detail: expect.stringContaining('Undo that') as string } });

  const stuck = await archives.send('POST', `/archives/${made.id}/undo`);
  expect(stuck).toMatchObject({
    status: 202,
    body: { phase: 'undoing', trouble: expect.stringContaining('Another claim') as string },
  });
  expect((await kube().get('persistentvolumeclaims', 'claim-dot'))?.metadata?.uid).toBe(other.metadata?.uid);

  await kube().remove('persistentvolumeclaims', 'claim-dot');
  await eventually(async () => {
    await archives.caller.ping();
    return (await archives.send('GET', '/archives/release')).text === '[]' ? true : undefined;
  }, 60);
  expect(await volumeOf('claim-dot')).toBe(name);
});
