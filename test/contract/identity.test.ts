// One name, one start id, one credential: repeats, rivals, successors and look-alikes (contract 5.3; weaknesses 1, 2, 24).
import { eventually } from '../support/eventually';
import type { Hub, StartOptions } from '../support/hub';
import type { Answer } from '../support/httpClient';
import { configMap, mainDeployment, service, yaml } from '../support/manifests';
import { createWorld, type World } from '../support/world';

let world: World;

beforeAll(async () => {
  world = await createWorld();
  const text = yaml(mainDeployment(), service(), configMap('map-<id>', { who: '<unique_user_id>' }));
  for (const hub of ['hub-a', 'hub-b']) world.workspace.describe('parts', { 'service.yaml': text }, hub);
});

afterAll(async () => {
  await world?.close();
});

const PARTS: StartOptions = { service: 'parts', startId: '1' };

interface Dated {
  readonly start_id: string;
  readonly start_date: string;
}

async function deployments(servername = ''): Promise<readonly string[]> {
  const objects = await world.cluster.kube.list('deployments');
  return objects.map(({ metadata }) => metadata?.name ?? '').filter((name) => name.includes(servername));
}

async function uidOf(plural: string, name: string): Promise<string | undefined> {
  return (await world.cluster.kube.get(plural, name))?.metadata?.uid;
}

/** The answer of a rival start, which must leave the first as it is. */
async function rivalled(rival: () => Promise<Answer>, name: string): Promise<Answer> {
  const names = [
    ['deployments', `deployment-main-${name}-1`],
    ['secrets', `secret-${name}-1-k8smgr`],
    ['configmaps', `map-${name}-1`],
  ] as const;
  const before = await Promise.all(names.map(async ([plural, object]) => uidOf(plural, object)));
  const answer = await rival();
  const after = await Promise.all(names.map(async ([plural, object]) => uidOf(plural, object)));
  expect(before).not.toContain(undefined);
  expect(after).toEqual(before);
  return answer;
}

describe('a repeated start', () => {
  it('weakness 1: answers 201 with the same object and leaves what runs alone', async () => {
    const first = await world.hub.start('again', PARTS);
    const uid = await uidOf('deployments', 'deployment-main-again-1');

    for (let time = 0; time < 3; time += 1) {
      expect(await world.hub.start('again', PARTS)).toMatchObject({ status: 201, text: first.text });
    }
    expect(uid).toBeDefined();
    expect(await uidOf('deployments', 'deployment-main-again-1')).toBe(uid);
  });

  it('weakness 24: is one service, also ten times at once, on two instances', async () => {
    const second = world.hubOf('hub-a', await world.addServices());
    const hubs = Array.from({ length: 10 }, (_, index): Hub => (index % 2 === 0 ? world.hub : second));

    const answers = await Promise.all(hubs.map(async (hub) => hub.start('crowd', PARTS)));

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await deployments('crowd')).toEqual(['deployment-main-crowd-1']);
  });

  it('does not depend on the order of keys', async () => {
    await world.hub.start('order', { startId: '1', options: { a: 1, b: 2 } });

    expect((await world.hub.start('order', { startId: '1', options: { b: 2, a: 1 } })).status).toBe(201);
  });

  it('after a stop is a new start', async () => {
    const first = await world.hub.start('anew', PARTS);
    await world.hub.stop('anew');

    const second = await world.hub.start('anew', PARTS);

    expect(second.status).toBe(201);
    expect(second.text).not.toBe(first.text);
    await world.hub.untilRunning('anew');
  });
});

describe('weakness 1: a rival start touches nothing of the first', () => {
  it.each<[string, StartOptions]>([
    ['options', { ...PARTS, options: { other: true } }],
    ['environment', { ...PARTS, env: { OTHER: '1' } }],
    ['description', { startId: '1', service: 'sleeper' }],
    ['user', { ...PARTS, env: { JUPYTERHUB_USER_ID: 18 } }],
    ['certificates', { ...PARTS, body: { certs: { keyfile: '', certfile: '', cafile: '' } } }],
  ])('with another %s: 409', async (what, options) => {
    const name = `rival-${what}`;
    await world.hub.start(name, PARTS);

    const answer = await rivalled(async () => world.hub.start(name, options), name);

    expect(answer).toMatchObject({
      status: 409,
      body: { error: 'Could not start service', detailed_error: expect.stringContaining(name) },
    });
    expect(await world.hub.poll(name)).toMatchObject({ running: true });
  });

  it('from another credential', async () => {
    await world.hub.start('foreign', PARTS);

    const answer = await rivalled(async () => world.hubOf('hub-b').start('foreign', PARTS), 'foreign');

    expect(answer.status).toBe(409);
    expect(await world.hub.poll('foreign')).toMatchObject({ running: true });
    expect(await world.hubOf('hub-b').send('GET', '/api/services/foreign/')).toMatchObject({ status: 404 });
    expect(await world.cluster.kube.list('configmaps', 'hub-functions/kind=service')).not.toContainEqual(
      expect.objectContaining({
        data: expect.objectContaining({ 'service.json': expect.stringContaining('"credential":"hub-b"') }),
      }),
    );
  });
});

describe('a new start id', () => {
  it('replaces the older start', async () => {
    await world.hub.start('moved', { ...PARTS, startId: '1' });
    await world.hub.start('moved', { ...PARTS, startId: '2' });

    expect(await world.hub.poll('moved')).toMatchObject({ start_id: '2', running: true });
    await eventually(async () =>
      (await deployments('moved')).join(' ') === 'deployment-main-moved-2' ? true : undefined,
    );
    const { body } = await world.hub.send('GET', '/api/services/');
    expect((body as { servername: string }[]).filter(({ servername }) => servername === 'moved')).toHaveLength(1);
  });

  it('leaves one of many that came at once', async () => {
    const second = world.hubOf('hub-a', await world.addServices());
    const ids = ['1', '2', '3', '4', '5', '6'];

    const answers = await Promise.all(
      ids.map(async (startId, index) =>
        (index % 2 === 0 ? world.hub : second).start('rush', { service: 'parts', startId }),
      ),
    );

    // Who comes late finds a later one, and is told so.
    const started = answers
      .filter(({ status }) => status !== 409)
      .map(({ status, body }) => ({ status, ...(body as Dated) }));
    expect(new Set(started.map(({ status }) => status))).toEqual(new Set([201]));
    const { start_id: winner } = await world.hub.untilRunning('rush');
    expect(started.toSorted((a, b) => (a.start_date < b.start_date ? -1 : 1)).at(-1)?.start_id).toBe(winner);
    await eventually(async () =>
      (await deployments('rush')).join(' ') === `deployment-main-rush-${winner}` ? true : undefined,
    );
  });

  it('weakness 6: waits for names that the older start still holds', async () => {
    const held = yaml(mainDeployment(), { ...configMap('same', {}), metadata: { name: 'same' } });
    world.workspace.describe('held', { 'service.yaml': held });
    await world.hub.start('held', { service: 'held', startId: '1' });
    const uid = await uidOf('configmaps', 'same');

    expect((await world.hub.start('held', { service: 'held', startId: '2' })).status).toBe(201);

    expect(await uidOf('configmaps', 'same')).not.toBe(uid);
    expect((await world.hub.stop('held')).status).toBe(204);
    await eventually(async () => ((await uidOf('configmaps', 'same')) === undefined ? true : undefined));
  });
});

describe('weakness 2: names that would coincide after 63 characters', () => {
  const long = `user-${'x'.repeat(70)}`;

  it.each<[string, readonly [string, string], readonly [string, string]]>([
    ['differ in the start id', [long, '1'], [long, '2']],
    ['differ in the tail of the name', [`${long}a`, '1'], [`${long}b`, '1']],
    ['differ in what is no letter', ['a_b', '1'], ['a-b', '1']],
    ['differ in case', ['Ab', '1'], ['ab', '1']],
  ])('%s and make two Deployments', async (_case, [nameA, startA], [nameB, startB]) => {
    expect((await world.hub.start(nameA, { startId: startA })).status).toBe(201);
    const before = await deployments();

    expect((await world.hub.start(nameB, { startId: startB })).status).toBe(201);

    expect((await deployments()).filter((name) => !before.includes(name))).toHaveLength(1);
    expect(await world.hub.poll(nameB)).toMatchObject({ running: true, start_id: startB });
    expect(await world.hub.poll(nameA)).toMatchObject({ running: true });
    await Promise.all([world.hub.stop(nameA), world.hub.stop(nameB)]);
  });

  it('share the text of `<id>`: the second is refused, the first stays', async () => {
    expect((await world.hub.start('a-b-c', { startId: 'd' })).status).toBe(201);
    expect((await world.hub.start('a-b', { startId: 'c-d' })).status).toBe(409);

    expect(await world.hub.poll('a-b-c')).toMatchObject({ running: true });
    expect((await world.hub.send('GET', '/api/services/a-b/')).status).toBe(404);
  });

  it('and names in any alphabet get valid object names', async () => {
    expect((await world.hub.start('ünï cödé 1', { startId: 'Ä' })).status).toBe(201);
    expect(await world.hub.poll('ünï cödé 1')).toMatchObject({
      servername: 'ünï cödé 1',
      start_id: 'Ä',
      running: true,
    });
    expect((await world.hub.stop('ünï cödé 1')).status).toBe(204);
  });
});
