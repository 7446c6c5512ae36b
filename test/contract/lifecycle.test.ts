// Update, list and stop (contract 5; weaknesses 4, 6, 7, 10).
import { eventually, untilEmpty } from '../support/eventually';
import { configMap, everyKind, mainDeployment, service, yaml } from '../support/manifests';
import { createWorld, type World } from '../support/world';

jest.setTimeout(60_000);

let world: World;

beforeAll(async () => {
  world = await createWorld();
});

afterAll(async () => {
  await world?.close();
});

describe('update', () => {
  const update = yaml(configMap('update-<id>', { who: '<unique_user_id>' }), service('more-<id>'));

  beforeAll(async () => {
    world.workspace.describe('updatable', { 'service.yaml': yaml(mainDeployment()), 'update.yaml': update });
    await world.hub.start('updated', { service: 'updatable', startId: '1' });
  });

  it('weakness 10: applies update.yaml and answers like a poll, also the second time', async () => {
    for (const method of ['PATCH', 'PUT', 'PATCH']) {
      const answer = await world.hub.send(method, '/api/services/updated/', { raw: 'ignored, not even parsed' });

      expect(answer).toMatchObject({ status: 200, body: { servername: 'updated', running: true } });
    }
    expect(await world.cluster.kube.get('configmaps', 'update-updated-1')).toMatchObject({
      metadata: {
        labels: { 'app.kubernetes.io/managed-by': 'hub-functions' },
        ownerReferences: [{ kind: 'ConfigMap' }],
      },
      data: { who: 'hub-a_17' },
    });
  });

  it('weakness 10: changes what changed in the description since', async () => {
    world.workspace.describe('updatable', { 'update.yaml': yaml(configMap('update-<id>', { now: 'this' })) });

    expect((await world.hub.update('updated')).status).toBe(200);

    expect(await world.cluster.kube.get('configmaps', 'update-updated-1')).toMatchObject({ data: { now: 'this' } });
  });

  it('weakness 1: takes nothing over that belongs to something else', async () => {
    await world.cluster.kube.create('configmaps', { metadata: { name: 'theirs' }, data: { of: 'them' } });
    world.workspace.describe('updatable', { 'update.yaml': yaml(configMap('theirs', { of: 'us' })) });

    expect(await world.hub.update('updated')).toMatchObject({
      status: 409,
      body: { error: 'Could not update service.' },
    });
    expect(await world.cluster.kube.get('configmaps', 'theirs')).toMatchObject({ data: { of: 'them' } });
    await world.cluster.kube.remove('configmaps', 'theirs');
  });

  it('without update.yaml is an error that names the file', async () => {
    await world.hub.start('plain');

    expect(await world.hub.update('plain')).toMatchObject({
      status: 500,
      body: { error: 'Could not update service.', detailed_error: expect.stringContaining('update.yaml') },
    });
    await world.hub.stop('plain');
  });

  it('weakness 6: is undone by stop with the rest', async () => {
    expect((await world.hub.stop('updated')).status).toBe(204);

    await untilEmpty(world.cluster.kube);
  });
});

describe('list', () => {
  it("is the caller's services in the order of their start, as they were started", async () => {
    const started = [];
    for (const name of ['zoe', 'adam', 'mia']) started.push((await world.hub.start(name)).body);

    expect((await world.hub.send('GET', '/api/services/')).body).toEqual(started);
    expect((await world.hubOf('hub-b').send('GET', '/api/services/')).body).toEqual([]);
    await Promise.all(['zoe', 'adam', 'mia'].map(async (name) => world.hub.stop(name)));
  });
});

describe('stop', () => {
  it('weakness 6: answers 204 without a body, and every kind is gone', async () => {
    world.workspace.describe('full', { 'service.yaml': yaml(...everyKind(), service(), mainDeployment()) });
    await world.hub.start('full', {
      service: 'full',
      startId: '1',
      body: { certs: { keyfile: 'k', certfile: 'c', cafile: 'a' } },
    });
    await world.hub.untilRunning('full');
    const before = await world.cluster.kube.everything();

    const answer = await world.hub.stop('full');

    expect(answer).toMatchObject({ status: 204, text: '' });
    expect(answer.headers['content-type']).toBeUndefined();
    for (const kind of [
      'PersistentVolumeClaim',
      'Ingress',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'StatefulSet',
      'Job',
      'ServiceAccount',
    ]) {
      expect(before).toContain(`${kind}/extra-full-1`);
    }
    await untilEmpty(world.cluster.kube);
  });

  it('weakness 7: is a 404 the second time, and from then on for every request', async () => {
    await world.hub.start('short');

    expect((await world.hub.stop('short')).status).toBe(204);
    for (const method of ['DELETE', 'GET', 'PATCH']) {
      expect(await world.hub.send(method, '/api/services/short/')).toMatchObject({
        status: 404,
        text: '{"detail":"Not found."}',
      });
    }
  });

  it('ends the pods', async () => {
    await world.hub.start('pods', { startId: '1' });
    await world.hub.untilRunning('pods');
    expect((await world.hub.stop('pods')).status).toBe(204);

    await eventually(async () => ((await world.cluster.kube.list('pods')).length === 0 ? true : undefined));
  });

  it('weakness 5: works on an instance that knows nothing of the start, without the description', async () => {
    world.workspace.describe('brief', { 'service.yaml': yaml(mainDeployment(), service()) });
    await world.hub.start('brief', { service: 'brief' });
    world.workspace.describe('brief', { 'service.yaml': 'gone' });

    const other = world.hubOf('hub-a', await world.addServices());

    expect((await other.stop('brief')).status).toBe(204);
    await untilEmpty(world.cluster.kube);
  });

  it('of ten at once leaves nothing of any', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `many${index}`);
    const starts = await Promise.all(names.map(async (name) => world.hub.start(name)));
    const stops = await Promise.all(names.map(async (name) => world.hub.stop(name)));

    expect(starts.map(({ status }) => status)).toEqual(names.map(() => 201));
    expect(stops.map(({ status }) => status)).toEqual(names.map(() => 204));
    await untilEmpty(world.cluster.kube);
  });

  it('weakness 4: during a start leaves nothing, at whatever moment it comes', async () => {
    const parts = Array.from({ length: 12 }, (_, index) => configMap(`part${index}-<id>`, {}));
    world.workspace.describe('wide', { 'service.yaml': yaml(...parts, mainDeployment()) });
    for (const delayMs of [0, 2, 4, 8, 16, 32]) {
      const name = `cut${delayMs}`;
      const start = world.hub.start(name, { service: 'wide' });
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      const early = await world.hub.stop(name);
      expect([204, 404]).toContain(early.status);
      expect([201, 404, 409, 500, 503]).toContain((await start).status);
      const late = await world.hub.stop(name);
      expect([early.status, late.status]).toContain(204);
    }
    await untilEmpty(world.cluster.kube);
  });
});
