// Claims that outlive their service are nobody's: one that goes with something else is never taken for them.
import type { ObjectMeta } from '../../lib/kube/objects';
import type { Answer } from '../support/httpClient';
import { eventually } from '../support/eventually';
import { yaml, type Manifest } from '../support/manifests';
import { claimOf, onClaim } from '../support/spawns';
import { createWorld, type World } from '../support/world';

jest.setTimeout(90_000);

let world: World;

const CLAIM = 'claim-<user_name>';
const kept = yaml(onClaim(CLAIM), claimOf(CLAIM));
const owned = yaml(onClaim(CLAIM), withoutAnnotations(claimOf(CLAIM)));

beforeAll(async () => {
  world = await createWorld();
  world.workspace.describe('kept', { 'service.yaml': kept });
  world.workspace.describe('owned', { 'service.yaml': owned });
});

afterAll(async () => world?.close());

const start = async (name: string, service: string, { user = name, startId = '1' } = {}): Promise<Answer> =>
  world.hub.start(name, { service, startId, env: { JUPYTERHUB_USER: user } });

/** Empty when there is none. */
const claim = async (user: string): Promise<ObjectMeta> =>
  (await world.cluster.kube.get('persistentvolumeclaims', `claim-${user}`))?.metadata ?? {};

/** A claim that is there before the start, with these labels; owned by a ConfigMap, if that has a name. */
async function claimWith(user: string, labels: Readonly<Record<string, string>>, owner?: string): Promise<ObjectMeta> {
  const { kube } = world.cluster;
  const anchor = owner === undefined ? undefined : await kube.create('configmaps', { metadata: { name: owner } });
  const ownerReferences = anchor && [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner, uid: anchor.metadata?.uid }];
  const { spec } = claimOf(CLAIM);
  const metadata = { name: `claim-${user}`, labels, ...(ownerReferences && { ownerReferences }) };
  return (await kube.create('persistentvolumeclaims', { metadata, spec })).metadata ?? {};
}

it('one of another service that runs is refused, and the refused start leaves nothing', async () => {
  expect((await start('first', 'owned', { user: 'ada' })).status).toBe(201);
  const before = await claim('ada');

  const answer = await start('second', 'kept', { user: 'ada' });

  expect(answer).toMatchObject({
    status: 409,
    body: { detailed_error: expect.stringContaining('claim-ada belongs to service first') as string },
  });
  expect((await claim('ada')).uid).toBe(before.uid);
  await eventually(async () => {
    expect((await world.cluster.kube.everything()).filter((name) => name.includes('second'))).toEqual([]);
    return true;
  });
  await world.hub.stop('first');
});

it('one of the start before, which goes, is waited for; from then on it stays', async () => {
  world.workspace.describe('changed', { 'service.yaml': owned });
  await start('bob', 'changed');
  const before = await claim('bob');
  world.workspace.describe('changed', { 'service.yaml': kept });

  await eventually(
    async () => ((await start('bob', 'changed', { startId: '2' })).status === 201 ? true : undefined),
    60,
  );

  const after = await claim('bob');
  expect(after.uid).not.toBe(before.uid);
  expect(after.ownerReferences).toBeUndefined();
  await world.hub.untilRunning('bob');
  await world.hub.stop('bob');
  const left = await claim('bob');
  expect([left.uid, left.deletionTimestamp]).toEqual([after.uid, undefined]);
});

it('one whose owner is on its way out is waited for, and made anew', async () => {
  const { kube } = world.cluster;
  const before = await claimWith('fay', {}, 'owner-of-fay');
  await kube.patch('configmaps', 'owner-of-fay', { metadata: { finalizers: ['hub-functions.test/hold'] } });
  await kube.remove('configmaps', 'owner-of-fay');

  const starting = start('fay', 'kept');
  const pause = new Promise((resolve) => setTimeout(resolve, 1_000, 'waits'));
  expect(await Promise.race([starting, pause])).toBe('waits');
  await kube.patch('configmaps', 'owner-of-fay', { metadata: { finalizers: null } });

  expect((await starting).status).toBe(201);
  const after = await claim('fay');
  expect(after.uid).not.toBe(before.uid);
  expect(after.ownerReferences).toBeUndefined();
  await world.hub.stop('fay');
});

it('one of a job set is refused', async () => {
  const labels = { 'app.kubernetes.io/managed-by': 'hub-functions', 'hub-functions/job-set': 'set1' };
  await claimWith('cat', labels, 'job-set-set1');

  expect(await start('cat', 'kept')).toMatchObject({
    status: 409,
    body: { detailed_error: expect.stringContaining('claim-cat belongs to ConfigMap job-set-set1') as string },
  });
});

it('one that an operator took from its owner is used like any other', async () => {
  const found = await claimWith('dan', { 'hub-functions/anchor-uid': 'of-a-service-that-is-gone' });

  expect((await start('dan', 'kept')).status).toBe(201);

  expect((await claim('dan')).uid).toBe(found.uid);
  await world.hub.untilRunning('dan');
  await world.hub.stop('dan');
});

it('one that belongs to an archive while it is filled from it is used, and waited for', async () => {
  const labels = { 'hub-functions/kind': 'archive-target', 'hub-functions/ready': 'false' };
  const found = await claimWith('eve', labels, 'archive-of-eve');

  expect((await start('eve', 'kept')).status).toBe(201);

  expect((await claim('eve')).uid).toBe(found.uid);
  const pods = await eventually(async () => {
    const all = await world.cluster.kube.list('pods', 'hub-functions/restores=true');
    return all.length > 0 ? all : undefined;
  });
  expect(pods[0]?.['spec']).toMatchObject({ schedulingGates: [{ name: 'hub-functions/restore' }] });
  await world.hub.stop('eve');
});

function withoutAnnotations(manifest: Manifest): Manifest {
  const { name } = manifest['metadata'] as { readonly name: string };
  return { ...manifest, metadata: { name } };
}
