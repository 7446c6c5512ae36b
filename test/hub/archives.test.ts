// Users look after their archives with tokens of a real hub, which alone knows whose they are; and a spawn has a claim that stays.
import { createArchives, type ArchiveObject, type Archives } from '../support/archives';
import { unpackTar } from '../support/tar';
import { createWorld, type World } from './world';

jest.setTimeout(180_000);

let world: World;
let archives: Archives;
let made: ArchiveObject;

beforeAll(async () => {
  world = await createWorld();
  await world.hub.addUsers('keeper', 'snoop');
  archives = await createArchives(
    { mover: { idle_seconds: 5 }, hub: 'jupyterhub' },
    { hubs: { jupyterhub: [world.hubApi] } },
  );
  const { claims, backUp, rested } = archives;
  await claims.create('claim-keeper');
  await claims.run('claim-keeper', 'mkdir /data/sub; echo one > /data/sub/a; echo two > /data/b');
  made = await rested(await backUp('claim-keeper'));
}, 400_000);

afterAll(async () => {
  await archives?.world.close();
  await world?.close();
}, 60_000);

interface Token {
  readonly token: string;
  readonly id: string;
}

async function newToken(user: string, wish: object = {}): Promise<Token> {
  return JSON.parse(await world.hub.api('POST', `/users/${user}/tokens`, wish)) as Token;
}

async function as(user: string, wish: object = {}) {
  return { headers: { authorization: `token ${(await newToken(user, wish)).token}` } };
}

it('a user lists what is his, also with a token that may do next to nothing', async () => {
  const { send } = archives;
  const own = [expect.objectContaining({ id: made.id, user: 'keeper', claim: 'claim-keeper' })];
  expect((await send('GET', '/archives', await as('keeper'))).body).toEqual(own);
  expect((await send('GET', '/archives', await as('keeper', { scopes: ['read:users:name!user'] }))).body).toEqual(own);
});

it("another user's archives are not there", async () => {
  const { send } = archives;
  const snoop = await as('snoop');
  expect((await send('GET', '/archives', snoop)).body).toEqual([]);
  expect((await send('GET', '/archives?user=keeper', snoop)).body).toEqual([]);
  for (const [method, path] of [
    ['GET', `/archives/${made.id}`],
    ['GET', `/archives/${made.id}/download`],
    ['POST', `/archives/${made.id}/restore`],
  ] as const) {
    expect(await send(method, path, { ...snoop, ...(method === 'POST' && { json: {} }) })).toMatchObject({
      status: 404,
      body: { detail: 'Archive not found' },
    });
  }
  expect((await archives.get(made.id)).operation).toBeUndefined();
});

it('a user downloads all of it, or a file', async () => {
  const { send, rested } = archives;
  const keeper = await as('keeper');
  expect((await send('GET', `/archives/${made.id}/download?path=/sub/a`, keeper)).text).toBe('one\n');
  await rested(made);
  const all = await send('GET', `/archives/${made.id}/download`, keeper);
  expect(Object.keys(await unpackTar(all.bytes))).toEqual(
    expect.arrayContaining([expect.stringMatching(/(^|\/)sub\/a$/), expect.stringMatching(/(^|\/)b$/)]),
  );
  await rested(made);
});

it('a user restores to a claim that is his', async () => {
  const { send, rested, claims, world: place } = archives;
  expect((await send('POST', `/archives/${made.id}/restore`, { json: {}, ...(await as('keeper')) })).status).toBe(202);
  const { last } = await rested(made);
  expect(last).toMatchObject({ verb: 'restore', outcome: 'done' });
  const claim = last?.claim ?? '';
  expect((await place.cluster.kube.get('persistentvolumeclaims', claim))?.metadata).toMatchObject({
    labels: { 'hub-functions/ready': 'true' },
    annotations: { 'hub.jupyter.org/username': 'keeper' },
  });
  expect(await claims.run(claim, 'cat /data/sub/a /data/b')).toBe('one\ntwo\n');
});

it('what operators do is not for users, nor is anything for who has a token no more', async () => {
  const { send } = archives;
  const keeper = await as('keeper');
  expect((await send('POST', '/archives', { json: { claim: 'claim-keeper' }, ...keeper })).status).toBe(403);
  expect((await send('DELETE', `/archives/${made.id}?force=true`, keeper)).status).toBe(403);
  const { token, id } = await newToken('keeper');
  await world.hub.api('DELETE', `/users/keeper/tokens/${id}`);
  for (const lost of [token, 'never-was']) {
    expect((await send('GET', '/archives', { headers: { authorization: `token ${lost}` } })).status).toBe(401);
  }
});

it('a spawn makes the claim of its user, whom the hub names', async () => {
  const keeper = { user: 'keeper' };
  await world.watch(async () => {
    await world.hub.start(keeper, { service: 'kept' });
    expect((await world.hub.progress(keeper)).at(-1)).toMatchObject({ ready: true });
    await world.hub.stop(keeper);
  });
});
