// What goes wrong is told with a reason, and leaves nothing behind that looks like something good.
import { createArchives, type Archives } from '../../support/archives';
import { eventually } from '../../support/eventually';

jest.setTimeout(180_000);

let archives: Archives;
const kube = (): Archives['world']['cluster']['kube'] => archives.world.cluster.kube;

beforeAll(async () => {
  archives = await createArchives();
  await archives.claims.create('claim-ada');
  await archives.claims.run('claim-ada', 'for i in $(seq 40); do echo $i > /data/$i; done');
});

afterAll(async () => archives?.world.close());

/** Kubernetes keeps a claim while a pod that has ended still names it. */
async function untilGone(claim: string): Promise<void> {
  await eventually(async () => {
    if ((await kube().get('persistentvolumeclaims', claim)) !== undefined) throw new Error(`${claim} is still there`);
    return true;
  });
}

test('what is no claim of a user is refused', async () => {
  const { send, claims } = archives;
  await claims.create('shared', '');
  expect(await send('POST', '/archives', { json: { claim: 'nobodys' } })).toMatchObject({ status: 404 });
  expect(await send('POST', '/archives', { json: { claim: 'shared' } })).toMatchObject({
    status: 422,
    body: { detail: 'Whose claim shared is cannot be told: annotate it with hub.jupyter.org/username.' },
  });
  expect(await send('POST', '/archives', { json: { claim: 'claim-ada', namespace: 'other' } })).toMatchObject({
    status: 422,
  });
  expect(await send('POST', '/archives', { json: { claim: '../x' } })).toMatchObject({ status: 422 });
  expect((await archives.world.services.request('GET', '/archives')).status).toBe(404);
  expect((await archives.instance.request('GET', '/archives')).status).toBe(401);
});

test('the same key is the same archive, and another request under it a conflict', async () => {
  const { send, rested } = archives;
  const headers = { 'idempotency-key': 'one' };
  const first = await send('POST', '/archives', { json: { claim: 'claim-ada' }, headers });
  const second = await send('POST', '/archives', { json: { claim: 'claim-ada' }, headers });
  expect((second.body as { id: string }).id).toBe((first.body as { id: string }).id);
  expect((await send('POST', '/archives', { json: { claim: 'claim-ada', hold: true }, headers })).status).toBe(409);
  await rested(first.body as never);
});

test('an empty claim and one that lost its files are not archived, and the older archive stays', async () => {
  const { backUp, rested, ask, claims } = archives;
  await claims.create('claim-bob');
  await claims.run('claim-bob', 'true');
  expect(await rested(await backUp('claim-bob'))).toMatchObject({ phase: 'failed', last: { reason: 'SourceEmpty' } });

  await claims.create('claim-cy');
  await claims.run('claim-cy', 'for i in $(seq 60); do echo $i > /data/$i; done');
  const good = await rested(await backUp('claim-cy'));
  await claims.run('claim-cy', 'rm -rf /data/*; echo 1 > /data/1');
  const bad = await rested(await backUp('claim-cy'));
  expect(bad).toMatchObject({ phase: 'failed', last: { reason: 'SourceTruncated' } });
  expect(await rested(await ask(good, 'verify'))).toMatchObject({ phase: 'kept', last: { outcome: 'done' } });
  const refused = await archives.send('POST', `/archives/${bad.id}/restore`, { json: {} });
  expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('was never made') as string } });
});

test('a damaged archive is told, its proof is gone, and no claim is left of a restore that failed', async () => {
  const { backUp, rested, ask, claims } = archives;
  await claims.create('claim-dot');
  await claims.run('claim-dot', 'head -c 3000000 /dev/urandom > /data/big');
  const made = await rested(await ask(await rested(await backUp('claim-dot')), 'verify'));
  expect(made.verifiedAt).toBeDefined();
  const hash = (await kube().get('configmaps', `archive-${made.id}`))?.metadata?.labels?.['hub-functions/user'] ?? '';
  await claims.run(
    'archive-repository',
    `cd /data/${hash}/data && for f in */*; do chmod u+w $f; head -c 64 /dev/zero | dd of=$f bs=1 seek=200 conv=notrunc; done`,
  );

  const damaged = await rested(await ask(made, 'verify'));
  expect(damaged).toMatchObject({
    phase: 'kept',
    last: { verb: 'verify', outcome: 'failed', reason: 'RepositoryDamaged' },
  });
  expect(damaged.verifiedAt).toBeUndefined();

  const restored = await rested(await ask(made, 'restore', { claim: 'claim-dot-again' }));
  expect(restored.last).toMatchObject({ verb: 'restore', outcome: 'failed' });
  await untilGone('claim-dot-again');
});

test('a lost password makes no second repository', async () => {
  const { backUp, rested, claims } = archives;
  await claims.create('claim-eve');
  await claims.run('claim-eve', 'echo 1 > /data/1');
  const first = await rested(await backUp('claim-eve'));
  const hash = (await kube().get('configmaps', `archive-${first.id}`))?.metadata?.labels?.['hub-functions/user'] ?? '';
  await kube().remove('secrets', `archive-key-${hash}`);
  await kube().create('secrets', {
    metadata: { name: `archive-key-${hash}` },
    stringData: { password: 'another one' },
  });

  expect(await rested(await backUp('claim-eve'))).toMatchObject({ phase: 'failed', last: { reason: 'WrongKey' } });
});

test('a claim that restored files would go into is never one that is there', async () => {
  const { ask, send, rested, backUp, claims } = archives;
  await claims.create('precious', '');
  const made = await rested(await backUp('claim-ada'));
  const same = await send('POST', `/archives/${made.id}/restore`, { json: { claim: 'claim-ada' } });
  expect(same.status).toBe(422);
  const taken = await rested(await ask(made, 'restore', { claim: 'precious' }));
  expect(taken.last).toMatchObject({ outcome: 'failed', reason: 'StartRefused' });
  expect((await kube().get('persistentvolumeclaims', 'precious'))?.metadata?.labels).toBeUndefined();
  const missing = await rested(await ask(made, 'restore', { path: '/no/such', claim: 'claim-part' }));
  expect(missing.last).toMatchObject({ outcome: 'failed', reason: 'PathMissing' });
  await untilGone('claim-part');
});

test('one thing at a time is done with an archive, and with the archives of a user', async () => {
  const { backUp, ask, send, rested } = archives;
  const first = await rested(await backUp('claim-ada'));
  const verifying = await ask(first, 'verify');
  const second = await backUp('claim-ada');
  expect(second).toMatchObject({ operation: { verb: 'backup', phase: 'queued' } });
  expect((await send('POST', `/archives/${first.id}/drill`, { json: {} })).status).toBe(409);
  expect(await ask(verifying, 'verify')).toMatchObject({ id: first.id });
  expect(await rested(second)).toMatchObject({ phase: 'kept' });
  expect((await archives.get(first.id)).verifiedAt).toBeDefined();
});

test('a restore to another claim is another wish, even where one name begins as the other does', async () => {
  const { rested, backUp, ask, send } = archives;
  const made = await rested(await backUp('claim-ada'));
  const path = `/archives/${made.id}/restore`;
  await ask(made, 'restore', { claim: 'claim-ada-2026' });
  expect((await send('POST', path, { json: { claim: 'claim-ada-2' } })).status).toBe(409);
  expect((await send('POST', path, { json: {} })).status).toBe(409);
  expect((await send('POST', path, { json: { claim: 'claim-ada-2026' } })).status).toBe(202);
  expect((await rested(made)).last).toMatchObject({ outcome: 'done', claim: 'claim-ada-2026' });

  await ask(made, 'restore');
  expect((await send('POST', path, { json: {} })).status).toBe(202);
  expect((await rested(made)).last).toMatchObject({ outcome: 'done' });
});

test('a claim that one pod alone may use waits for that pod, says so, and is archived when it has ended', async () => {
  const { backUp, caller, claims, get, rested } = archives;
  await claims.create('claim-fay', 'fay', 'ReadWriteOncePod');
  await claims.run('claim-fay', 'echo 1 > /data/1');
  const letGo = await claims.hold('claim-fay');
  const { id } = await backUp('claim-fay');
  expect((await get(id)).operation).toMatchObject({
    phase: 'waiting',
    message: expect.stringMatching(/^Only one pod may use this claim, and hand-\d+ does\.$/) as string,
  });
  await caller.ping();
  expect((await get(id)).operation?.phase).toBe('waiting');

  await letGo();
  await caller.ping();
  expect(await rested(await get(id))).toMatchObject({ phase: 'kept', last: { outcome: 'done' } });
});

test('what is held stays', async () => {
  const { backUp, ask, send, rested } = archives;
  const made = await rested(await backUp('claim-ada', { hold: true }));
  expect((await send('DELETE', `/archives/${made.id}?force=true`)).status).toBe(409);
  expect(await ask(made, 'hold', { hold: false })).toMatchObject({ hold: false, phase: 'kept' });
  expect((await send('DELETE', `/archives/${made.id}?force=true`)).status).toBe(202);
  await expect(rested(made)).resolves.toMatchObject({ detail: 'Archive not found' });
});

test('what is being removed is no copy of another archive, and cannot be held any more', async () => {
  const { backUp, ask, send, rested, claims } = archives;
  await claims.create('claim-gus');
  await claims.run('claim-gus', 'echo 1 > /data/1');
  const whole = async () => rested(await ask(await rested(await backUp('claim-gus')), 'verify'));
  const [first, second] = [await whole(), await whole()];

  await ask(second, 'verify');
  expect((await send('DELETE', `/archives/${first.id}`)).status).toBe(202);
  const held = await send('POST', `/archives/${first.id}/hold`, { json: { hold: true } });
  expect(held).toMatchObject({ status: 409, body: { detail: 'This archive is being removed.' } });
  await rested(second);
  const refused = await send('DELETE', `/archives/${second.id}`);
  expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('only whole') as string } });

  await expect(rested(first)).resolves.toMatchObject({ detail: 'Archive not found' });
  expect(await archives.get(second.id)).toMatchObject({ phase: 'kept', hold: false });
});

test("a user's password is changed, and his archives are still there", async () => {
  const { send, ask, rested, backUp } = archives;
  const made = await rested(await backUp('claim-ada'));
  const asked = await send('POST', '/archives/keys/rotate', { json: { user: 'ada' } });
  expect(asked).toMatchObject({ status: 202, body: { user: 'ada', operation: { verb: 'rotate' } } });
  const verified = await rested(await ask(made, 'verify'));
  expect(verified.last).toMatchObject({ outcome: 'done' });
  const keys = (await kube().list('secrets', 'hub-functions/kind=archive-key')).map(({ metadata }) => metadata?.name);
  expect(keys.filter((name) => /^archive-key-[0-9a-f]{12}-1$/.test(name ?? ''))).toHaveLength(1);
  expect((await send('POST', '/archives/keys/rotate', { json: { user: 'nobody' } })).status).toBe(404);
});
