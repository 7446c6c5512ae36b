// Users look after their own archives with a token of their hub, and see nobody else's; downloads are whole or visibly cut.
import { createArchives, type ArchiveObject, type Archives } from '../../support/archives';
import { token as tokenOfCredential } from '../../support/credentialFiles';
import { startHubTokens, type HubTokens } from '../../support/hubTokens';
import { unpackTar } from '../../support/tar';

jest.setTimeout(180_000);

let archives: Archives;
let hub: HubTokens;
let made: ArchiveObject;

beforeAll(async () => {
  hub = await startHubTokens({
    'ada-token': { kind: 'user', name: 'ada', admin: false },
    'bob-token': { kind: 'user', name: 'bob' },
    'service-token': { kind: 'service', name: 'ada' },
  });
  archives = await createArchives(
    { mover: { idle_seconds: 5 }, hub: 'hub-of-users', restores_per_user: 1 },
    { hubs: { 'hub-of-users': [hub.url] } },
  );
  const { claims, rested, backUp } = archives;
  await claims.create('claim-ada');
  await claims.run(
    'claim-ada',
    'mkdir /data/sub; echo one > /data/sub/a; head -c 20000000 /dev/urandom > /data/big; sha256sum < /data/big > /data/sum',
  );
  made = await rested(await backUp('claim-ada'));
});

afterAll(async () => {
  hub?.close();
  await archives?.world.close();
});

const as = (token: string) => ({ headers: { authorization: `token ${token}` } });

test('a user sees his own archives, and nobody else does', async () => {
  const { send } = archives;
  expect((await send('GET', '/archives', as('ada-token'))).body).toEqual([expect.objectContaining({ id: made.id })]);
  expect((await send('GET', '/archives?user=ada', as('bob-token'))).body).toEqual([]);
  expect((await send('GET', `/archives/${made.id}`, as('ada-token'))).status).toBe(200);
  for (const [method, path] of [
    ['GET', `/archives/${made.id}`],
    ['GET', `/archives/${made.id}/download`],
    ['POST', `/archives/${made.id}/restore`],
  ] as const) {
    expect((await send(method, path, as('bob-token'))).status).toBe(404);
  }
});

test('who is no user of the hub gets in nowhere', async () => {
  const { send } = archives;
  for (const token of ['wrong', 'service-token']) expect((await send('GET', '/archives', as(token))).status).toBe(401);
  const before = hub.asked();
  expect((await send('GET', '/archives', { headers: { authorization: tokenOfCredential('hub-a') } })).status).toBe(200);
  expect(hub.asked()).toBe(before);
  hub.breakWith(500);
  expect((await send('GET', '/archives', as('bob-token-2'))).status).toBe(503);
  hub.breakWith(undefined);
});

test('a user may not do what operators do, nor name the claim that is made', async () => {
  const { send } = archives;
  for (const [method, path] of [
    ['POST', '/archives'],
    ['POST', '/archives/release'],
    ['GET', '/archives/release'],
    ['POST', '/archives/keys/rotate'],
    ['POST', `/archives/${made.id}/verify`],
    ['POST', `/archives/${made.id}/drill`],
    ['POST', `/archives/${made.id}/hold`],
    ['POST', `/archives/${made.id}/undo`],
    ['DELETE', `/archives/${made.id}`],
  ] as const) {
    expect((await send(method, path, { ...as('ada-token'), ...(method === 'POST' && { json: {} }) })).status).toBe(403);
  }
  const named = await send('POST', `/archives/${made.id}/restore`, {
    json: { claim: 'claim-bob' },
    ...as('ada-token'),
  });
  expect(named.status).toBe(422);
  const restored = await send('POST', `/archives/${made.id}/restore`, { json: { path: '/sub' }, ...as('ada-token') });
  expect(restored.status).toBe(202);
  const { last } = await archives.rested(made);
  expect(last).toMatchObject({
    verb: 'restore',
    outcome: 'done',
    claim: expect.stringMatching(/^claim-ada-restored-/) as string,
  });
});

test('a user may not go on restoring until there is no space; who removes a claim has room again', async () => {
  const { send, rested, world } = archives;
  const restore = async () =>
    send('POST', `/archives/${made.id}/restore`, { json: { path: '/sub' }, ...as('ada-token') });
  const { kube } = world.cluster;
  const [first, ...others] = await kube.list('persistentvolumeclaims', 'hub-functions/kind=archive-target');
  const name = first?.metadata?.name ?? '';
  expect(others).toEqual([]);
  expect(await restore()).toMatchObject({ status: 409, body: { detail: expect.stringContaining(name) as string } });
  expect(await kube.list('persistentvolumeclaims', 'hub-functions/kind=archive-target')).toHaveLength(1);

  await kube.remove('persistentvolumeclaims', name);
  expect((await restore()).status).toBe(202);
  expect((await rested(made)).last).toMatchObject({ verb: 'restore', outcome: 'done' });
});

test('a download is all of it, or a folder, or a file', async () => {
  const { send, rested } = archives;
  const one = await send('GET', `/archives/${made.id}/download?path=/sub/a`, as('ada-token'));
  expect(one).toMatchObject({ status: 200, text: 'one\n' });
  await rested(made);
  const all = await send('GET', `/archives/${made.id}/download`, as('ada-token'));
  expect(all.headers).toMatchObject({ 'content-type': 'application/x-tar' });
  expect(all.headers['content-disposition']).toContain('claim-ada.tar');
  const names = Object.keys(await unpackTar(all.bytes));
  expect(names).toEqual(
    expect.arrayContaining(
      ['big', 'sub/a', 'sum'].map((name) => expect.stringMatching(new RegExp(`(^|/)${name}$`)) as string),
    ),
  );
  await rested(made);
  const none = await send('GET', `/archives/${made.id}/download?path=/no/such`, as('ada-token'));
  expect(none.status).toBe(404);
  await rested(made);
  expect(await archives.world.cluster.kube.list('secrets', 'hub-functions/kind=archive-download')).toEqual([]);
});

test('a download that is left early ends its mover', async () => {
  const { instance, send, rested } = archives;
  await expect(
    instance.request('GET', `/archives/${made.id}/download`, { ...as('ada-token'), timeoutMs: 1 }),
  ).rejects.toThrow('aborted');
  const busy = await send('GET', `/archives/${made.id}/download?path=/sub/a`, as('ada-token'));
  expect([200, 409]).toContain(busy.status);
  expect((await rested(made)).operation).toBeUndefined();
  expect((await send('GET', `/archives/${made.id}/download?path=/sub/a`, as('ada-token'))).text).toBe('one\n');
});
