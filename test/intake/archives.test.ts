// Messages that ask for archives, and the real archive function that they are handed to.
import { LABELS } from '../../lib/labels';
import { asUnfilled } from '../../lib/restoring';
import { actingOn, claimsOf, moverEnvironment, OPERATORS, type Acting, type ArchiveObject } from '../support/archives';
import { tokenOf, WEB_SERVICE } from '../support/credentialFiles';
import { eventually } from '../support/eventually';
import type { FunctionProcess } from '../support/functionProcess';
import { createIntake, type Intake } from '../support/intake/intake';

jest.setTimeout(120_000);

const CHANNEL = { credential: 'hub-a', takes: ['archive'] };
const NOWHERE = 'http://127.0.0.1:9';

let intake: Intake;
let door: FunctionProcess;
let archives: Acting;

beforeAll(async () => {
  const queues = {
    archive: CHANNEL,
    submit: { ...CHANNEL, identity: 'list' },
    powerless: { ...CHANNEL, credential: 'hub-b' },
    requests: { ...CHANNEL, takes: ['request'] },
  };
  const events = [{ ...CHANNEL, name: 'inside', source: '/inside', identity: 'trusted' }];
  intake = await createIntake({ users: ['alice'], intake: { queues, events } });
  const { world } = intake;
  world.workspace.setCredential('hub-a', { groups: OPERATORS });
  world.workspace.setCredential('hub-b', { groups: [WEB_SERVICE] });
  world.workspace.write('intake/token.hub-b', tokenOf('hub-b'));
  const claims = claimsOf(world.cluster);
  await claims.create('archive-repository', '');
  for (const user of ['alice', 'bob']) {
    await claims.create(`claim-${user}`);
    await claims.run(`claim-${user}`, `echo ${user} > /data/name`);
  }
  const instance = await world.addFunction('archive', moverEnvironment(world));
  archives = actingOn(world, instance);
  door = await intake.addIntake({ archives: instance.url });
});

afterAll(async () => intake?.close());

async function all(): Promise<readonly ArchiveObject[]> {
  return (await archives.send('GET', '/archives')).body as readonly ArchiveObject[];
}

async function doneIn(queue: string): Promise<readonly { readonly job: string; readonly attempts: number }[]> {
  return (await intake.items(`${queue}:done`)).map((text) => JSON.parse(text) as { job: string; attempts: number });
}

const wanted = (claim: string) => ({ archive: { claim } });

it('a message becomes an archive, whose id is told', async () => {
  await intake.push('archive', wanted('claim-alice'));
  expect((await intake.drain(door)).status).toBe(204);

  const [done] = await doneIn('archive');
  const made = await archives.rested(await archives.get(done?.job ?? ''));
  expect(made).toMatchObject({ id: done?.job, claim: 'claim-alice', user: 'alice', phase: 'kept', files: 1 });
});

it('the same id is the same archive, whoever repeats it', async () => {
  const before = (await all()).length;
  await intake.push('archive', { id: 'once', ...wanted('claim-bob') }, { id: 'once', ...wanted('claim-bob') });
  expect((await intake.drain(door)).status).toBe(204);

  const found = await all();
  expect(found).toHaveLength(before + 1);
  const made = found.find(({ claim }) => claim === 'claim-bob');
  expect(await archives.rested(made!)).toMatchObject({ user: 'bob', phase: 'kept' });
});

it('a user archives what is theirs, and nothing else', async () => {
  const before = (await all()).length;
  const alice = await intake.redis.as('alice');
  await alice.send('LPUSH', 'submit:alice', JSON.stringify(wanted('claim-bob')), JSON.stringify(wanted('claim-alice')));
  alice.close();
  expect((await intake.drain(door)).status).toBe(204);

  expect(await intake.dead('submit')).toMatchObject([
    { user: 'alice', reason: "not_theirs: The claim claim-bob is not one of this user's." },
  ]);
  const found = await all();
  expect(found).toHaveLength(before + 1);
  expect(await archives.rested(found[0]!)).toMatchObject({ claim: 'claim-alice', phase: 'kept' });
});

it('an event asks for one, too', async () => {
  const before = (await all()).length;
  const { status } = await door.request('POST', '/', {
    json: wanted('claim-alice'),
    headers: {
      'ce-specversion': '1.0',
      'ce-id': 'one',
      'ce-type': 'hub-functions.request.v1',
      'ce-source': '/inside',
    },
  });
  expect(status).toBe(204);
  expect(await all()).toHaveLength(before + 1);
});

it.each([
  ['a claim that is not there', 'archive', wanted('claim-nobody'), /^404: There is no claim claim-nobody/],
  ['a credential without the right', 'powerless', wanted('claim-alice'), /^403: /],
  ['a queue that takes no such message', 'requests', wanted('claim-alice'), /^not_taken: /],
  ['a field that nobody knows', 'archive', { archive: { claim: 'claim-alice', delete: true } }, /^unreadable: archive/],
  ['a claim that is removed by message', 'archive', { archive: { delete_pvc: 'alice' } }, /^unreadable: /],
])('dead with its reason: %s', async (_what, queue, message, reason) => {
  const before = (await all()).length;
  await intake.push(queue, message);
  await intake.drain(door);

  const [letter] = await intake.dead(queue);
  expect(letter).toMatchObject({ body: JSON.stringify(message) });
  expect(letter?.reason).toMatch(reason);
  expect(await all()).toHaveLength(before);
});

it('a claim that is being filled keeps its own message waiting and no other, and it costs no attempt', async () => {
  const { kube } = intake.world.cluster;
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '16Mi' } } };
  const metadata = { name: 'claim-carol', annotations: { 'hub.jupyter.org/username': 'carol' } };
  const unfilled = asUnfilled({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec });
  await kube.create('persistentvolumeclaims', unfilled);
  const [before, dead] = [(await all()).length, await intake.dead('archive')];
  await intake.push('archive', wanted('claim-carol'), { id: 'beside', ...wanted('claim-alice') });
  // By its own key, and by the sender's.
  await intake.push('archive', { id: 'carols', ...wanted('claim-carol') }, { id: 'more', ...wanted('claim-bob') });
  expect((await intake.drain(door)).status).toBe(503);

  expect((await all()).filter(({ claim }) => claim === 'claim-carol')).toEqual([]);
  expect(await all()).toHaveLength(before + 2);
  expect(await intake.items('archive:processing')).toHaveLength(2);
  await kube.patch('persistentvolumeclaims', 'claim-carol', { metadata: { labels: { [LABELS.ready]: 'true' } } });
  await eventually(async () => {
    await intake.drain(door);
    return (await all()).length === before + 4 || undefined;
  }, 60);
  expect((await doneIn('archive')).slice(0, 2)).toMatchObject([{ attempts: 1 }, { attempts: 1 }]);
  expect(await intake.dead('archive')).toEqual(dead);
});

it('while the archive function is away a message waits, and it costs no attempt', async () => {
  const away = await intake.addIntake({ archives: NOWHERE });
  const [before, dead] = [await all(), await intake.dead('archive')];
  await intake.push('archive', { id: 'late', ...wanted('claim-alice') });
  expect((await intake.drain(away)).status).toBe(503);
  expect(await all()).toHaveLength(before.length);

  const found = await eventually(async () => {
    await intake.drain(door);
    const now = await all();
    return now.length > before.length ? now : undefined;
  }, 60);
  expect(found).toHaveLength(before.length + 1);
  expect((await doneIn('archive'))[0]).toMatchObject({ job: found[0]?.id, attempts: 1 });
  expect(await intake.dead('archive')).toEqual(dead);
});
