// An archived user's next spawn finds his files: its pod waits until they are there, and never sees a volume without them.
import { shortHash } from '../../../lib/naming';
import { createArchives, type Archives } from '../../support/archives';
import { eventually } from '../../support/eventually';
import { yaml } from '../../support/manifests';
import { claimOf, createSpawns, onClaim, type Spawns } from '../../support/spawns';

jest.setTimeout(240_000);

const GRACE_SECONDS = 10;

let archives: Archives;
let spawns: Spawns;
const kube = (): Archives['world']['cluster']['kube'] => archives.world.cluster.kube;

beforeAll(async () => {
  archives = await createArchives({ grace_days: GRACE_SECONDS / 86_400 });
  // So that it is known from the beginning who uses what.
  await archives.caller.ping();
  spawns = createSpawns(archives);
});

afterAll(async () => archives?.world.close());

const read = async (user: string, script = 'cat /data/one') => archives.claims.run(`claim-${user}`, script);
const specOf = (pod: unknown) => (pod as { readonly spec: Record<string, unknown> }).spec;

test('who has no archive gets an empty volume at once, and finds what he left in it the next time', async () => {
  const { start, stop, claim, podsOf } = spawns;
  expect((await start('newcomer', '1')).status).toBe(201);
  // Without a sweep, and without an event.
  await archives.world.hub.untilRunning('newcomer');
  expect((await claim('newcomer'))?.metadata?.annotations).toMatchObject({ 'hub.jupyter.org/username': 'newcomer' });
  await stop('newcomer');
  await read('newcomer', 'echo kept > /data/one');

  expect((await start('newcomer', '2')).status).toBe(201);
  await archives.world.hub.untilRunning('newcomer');
  expect(specOf((await podsOf('newcomer'))[0])['schedulingGates']).toBeUndefined();
  await stop('newcomer');
  expect(await read('newcomer')).toBe('kept\n');
});

test('the pod is held back until the claim is filled, then it runs, and the claim is like any other', async () => {
  const { archived, start, stop, held, podsOf, running, claim } = spawns;
  const made = await archived(
    'ada',
    'umask 077; echo one > /data/one; mkdir /data/.hidden; ln -s ../one /data/.hidden/link; chown 1000:100 /data/one',
  );
  expect((await start('ada', '1')).status).toBe(201);

  const waiting = await held('ada');
  expect(specOf(waiting)).toMatchObject({ schedulingGates: [{ name: 'hub-functions/restore' }] });
  expect(specOf(waiting)['nodeName']).toBeUndefined();
  expect((await claim('ada'))?.metadata?.labels).toMatchObject({ 'hub-functions/ready': 'false' });

  await running('ada');
  expect((await podsOf('ada')).map(({ metadata }) => metadata?.uid)).toEqual([waiting.metadata?.uid]);
  expect((await claim('ada'))?.metadata).toMatchObject({
    labels: { 'hub-functions/ready': 'true' },
    annotations: { 'hub.jupyter.org/username': 'ada' },
  });
  expect((await claim('ada'))?.metadata?.ownerReferences).toBeUndefined();
  // It had never been read whole before.
  expect(await archives.rested(made)).toMatchObject({
    verifiedAt: expect.any(String) as string,
    last: { verb: 'restore', outcome: 'done', claim: 'claim-ada' },
  });
  await stop('ada');
  expect(await read('ada', 'cat /data/one; readlink /data/.hidden/link; stat -c "%a %u:%g" /data/one')).toBe(
    'one\n../one\n600 1000:100\n',
  );
});

test('a progress page tells what is waited for', async () => {
  const { archived, start, stop, held, running } = spawns;
  const made = await archived('teller', 'echo one > /data/one');
  await start('teller', '1');
  await held('teller');
  await archives.caller.ping();
  const { status } = await eventually(async () => {
    const polled = await archives.world.hub.poll('teller');
    return polled.status.reason === 'Restoring' ? polled : undefined;
  });
  expect(status).toMatchObject({ phase: 'starting', message: expect.stringContaining(`rchive ${made.id}`) as string });
  await running('teller');
  await stop('teller');
});

const event = async (apiVersion: string, kind: string, object: object): Promise<void> =>
  void (await archives.caller.send('dev.knative.apiserver.resource.update', { apiVersion, kind, ...object }));

test('events of the claim and of movers are enough, without a sweep', async () => {
  const { archived, start, stop, held, claim } = spawns;
  await archived('eventful', 'echo one > /data/one');
  await start('eventful', '1');
  await held('eventful');
  await eventually(async () => {
    const own = await claim('eventful');
    if (own !== undefined) await event('v1', 'PersistentVolumeClaim', own);
    for (const job of await kube().list('jobs', 'hub-functions/kind=archive-mover'))
      await event('batch/v1', 'Job', job);
    const polled = await archives.world.hub.poll('eventful');
    return polled.status.phase === 'running' ? true : undefined;
  }, 90);
  await stop('eventful');
  expect(await read('eventful')).toBe('one\n');
});

test('a claim whose service was stopped meanwhile is filled all the same, and the next start finds it', async () => {
  const { archived, start, stop, held, claim, podsOf } = spawns;
  await archived('hasty', 'echo one > /data/one');
  await start('hasty', '1');
  await held('hasty');
  await stop('hasty');
  await eventually(async () => {
    await archives.caller.ping();
    return (await claim('hasty'))?.metadata?.labels?.['hub-functions/ready'] === 'true' ? true : undefined;
  }, 90);

  await start('hasty', '2');
  await archives.world.hub.untilRunning('hasty');
  expect(specOf((await podsOf('hasty'))[0])['schedulingGates']).toBeUndefined();
  await stop('hasty');
  expect(await read('hasty')).toBe('one\n');
});

test('every pod of a description that has the claim waits for it', async () => {
  const { archived, start, stop, running } = spawns;
  const name = 'claim-<user_name>';
  const side = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'side-<id>' },
    spec: (onClaim(name)['spec'] as { readonly template: { readonly spec: object } }).template.spec,
  };
  archives.world.workspace.describe('both', { 'service.yaml': yaml(onClaim(name), side, claimOf(name)) });
  await archived('pair', 'echo one > /data/one');
  expect((await start('pair', '1', 'both')).status).toBe(201);
  const beside = await kube().get('pods', 'side-pair-1');
  expect(specOf(beside)).toMatchObject({ schedulingGates: [{ name: 'hub-functions/restore' }] });
  await running('pair');
  await eventually(async () => {
    await archives.caller.ping();
    const { status } = (await kube().get('pods', 'side-pair-1')) as { readonly status?: { readonly phase?: string } };
    return status?.phase === 'Running' ? true : undefined;
  }, 60);
  await stop('pair');
});

/** Sweeps until the hub is told that it is over. */
async function failure(user: string): Promise<{ readonly reason?: string; readonly message: string }> {
  return eventually(async () => {
    await archives.caller.ping();
    const polled = await archives.world.hub.poll(user);
    if (!polled.running) return polled.status;
    throw new Error(`not yet: ${JSON.stringify(polled)}`);
  }, 90);
}

async function untilGone(user: string): Promise<void> {
  await eventually(async () => ((await spawns.claim(user)) === undefined ? true : undefined), 40);
}

test('with a wrong key the start fails and says so, no claim is left, and it works when the key is right again', async () => {
  const { archived, start, stop, running } = spawns;
  const made = await archived('eve', 'echo one > /data/one');
  await archives.rested(await archives.ask(made, 'verify'));
  const anchor = await kube().get('configmaps', `archive-${made.id}`);
  const key = `archive-key-${anchor?.metadata?.labels?.['hub-functions/user'] ?? ''}`;
  const right = (await kube().get('secrets', key))?.['data'] as object;
  const replace = async (data: object): Promise<void> => {
    await kube().remove('secrets', key);
    await kube().create('secrets', { metadata: { name: key }, ...data });
  };
  await replace({ stringData: { password: 'another one' } });

  await start('eve', '1');
  expect(await failure('eve')).toMatchObject({
    reason: 'RestoreFailed',
    message: expect.stringContaining('WrongKey') as string,
  });
  await untilGone('eve');

  await start('eve', '2');
  expect(await failure('eve')).toMatchObject({
    reason: 'RestoreFailed',
    message: expect.stringContaining(
      `Archive ${made.id}, the newest of this volume, could not be read whole`,
    ) as string,
  });
  await untilGone('eve');

  await replace({ data: right });
  await start('eve', '3');
  await running('eve');
  await stop('eve');
  expect(await read('eve')).toBe('one\n');
});

test('an archive of this claim that is of somebody else opens nothing', async () => {
  const { archived, start } = spawns;
  const name = 'claim-<user_name>';
  const another = { 'hub.jupyter.org/username': 'not-<user_name>' };
  archives.world.workspace.describe('mistaken', { 'service.yaml': yaml(onClaim(name), claimOf(name, another)) });
  await archived('fay', 'echo one > /data/one');
  await start('fay', '1', 'mistaken');
  expect(await failure('fay')).toMatchObject({
    reason: 'RestoreFailed',
    message: expect.stringContaining('Archives of a claim claim-fay are of another user.') as string,
  });
  await untilGone('fay');
});

test('a claim that is being filled is not archived meanwhile', async () => {
  const { archived, start, stop, held, running } = spawns;
  await archived('gus', 'echo one > /data/one');
  await start('gus', '1');
  await held('gus');
  expect(await archives.send('POST', '/archives', { json: { claim: 'claim-gus' } })).toMatchObject({
    status: 409,
    body: { detail: 'Claim claim-gus is being filled from an archive. Try again when it is.' },
  });
  await running('gus');
  await stop('gus');
});

test('a claim that was released comes back from its archive, and its volume goes when the grace period is over', async () => {
  const { start, stop, running, claim } = spawns;
  const { claims, rested, backUp, ask, caller, send } = archives;
  await claims.create('claim-hal');
  await claims.run('claim-hal', 'echo one > /data/one');
  await rested(await ask(await rested(await backUp('claim-hal')), 'verify'));
  await caller.ping();
  expect((await send('POST', '/archives/release', { json: { claim: 'claim-hal' } })).status).toBe(202);
  await eventually(async () => ((await claim('hal')) === undefined ? true : undefined), 40);

  await start('hal', '1');
  await running('hal');
  await stop('hal');
  expect(await read('hal')).toBe('one\n');
  await eventually(async () => {
    await caller.ping();
    const left = (await send('GET', '/archives/release')).body as readonly object[];
    if (left.length === 0) return true;
    throw new Error(`still there: ${JSON.stringify(left)}`);
  }, 60);
});

test('while a claim is being brought back nobody makes another one of its name', async () => {
  const { start, claim } = spawns;
  const labels = {
    'app.kubernetes.io/managed-by': 'hub-functions',
    'hub-functions/kind': 'archive-release',
    'hub-functions/phase': 'undoing',
    'hub-functions/claim': shortHash('claim-ida'),
  };
  await kube().create('configmaps', { metadata: { name: 'archive-release-of-ida', labels } });
  const refused = await start('ida', '1');
  expect(refused).toMatchObject({
    status: 503,
    body: { detailed_error: expect.stringContaining('claim-ida was given up and is being brought back') as string },
  });
  expect(await claim('ida')).toBeUndefined();

  await kube().remove('configmaps', 'archive-release-of-ida');
  expect((await start('ida', '1')).status).toBe(201);
  await archives.world.hub.untilRunning('ida');
});
