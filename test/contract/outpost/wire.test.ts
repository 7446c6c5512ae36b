// Outpost's routes, black box: what an unmodified OutpostSpawner sends, and what it reads in the answers.
import { basic } from '../../support/credentialFiles';
import { eventually, untilEmpty } from '../../support/eventually';
import { mainDeployment, service, SLEEP, yaml } from '../../support/manifests';
import { createWorld, type World } from '../../support/world';
import { outpostHubOf, START_ID, type OutpostHub } from './outpostHub';

jest.setTimeout(80_000);

let world: World;
let hub: OutpostHub;

beforeAll(async () => {
  world = await createWorld({ config: { outpost: { service_mapping: { 'JupyterLab/4.2': 'lab' } } } });
  const lab = yaml(service(), mainDeployment({ command: ['sh', '-c', `echo hello; ${SLEEP[2]}`] }));
  for (const name of ['hub-a', 'hub-b']) world.workspace.describe('lab', { 'service.yaml': lab }, name);
  hub = outpostHubOf(world.hub);
});

afterAll(async () => {
  await world?.close();
});

afterEach(async () => {
  const { body } = await world.hub.send('GET', '/services/');
  const left = body as readonly { readonly name: string; readonly start_id: string }[];
  await Promise.all(left.map(async ({ name, start_id: startId }) => hub.stop(name, startId)));
  await untilEmpty(world.cluster.kube);
});

async function anchorOf(startId: string) {
  const anchors = await world.cluster.kube.list('configmaps', 'hub-functions/kind=service');
  return anchors.find(({ metadata }) => metadata?.annotations?.['hub-functions/start-id'] === startId);
}

describe('a start', () => {
  it('is answered with the address of its Service once the server runs', async () => {
    const answer = await hub.start('lab1');

    expect(answer).toMatchObject({
      status: 200,
      body: { service: expect.stringMatching(/^svc-lab1-[0-9a-f-]+\.[a-z0-9-]+\.svc:8080$/) },
    });
    const [host = ''] = (answer.body as { service: string }).service.split('.');
    expect(await world.cluster.kube.get('services', host)).toBeDefined();
    expect(await hub.poll('lab1')).toMatchObject({ status: 200, body: { status: null, logs: [] } });
  });

  it('that is asynchronous is answered at once, without an address', async () => {
    expect(await hub.start('lab1', { async: true })).toMatchObject({ status: 202, body: { service: '' } });
    expect(await hub.poll('lab1')).toMatchObject({ body: { status: null } });
  });

  it('may be repeated', async () => {
    const answers = await Promise.all([hub.start('lab1'), hub.start('lab1')]);

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[0]?.text).toBe(answers[1]?.text);
    expect(await world.cluster.kube.list('deployments')).toHaveLength(1);
  });

  it('finds the description by another key and value, if the operator says so', async () => {
    const options = { service: undefined, profile: 'JupyterLab/4.2' };

    expect((await hub.start('lab1', { options })).status).toBe(200);
  });

  it('of a server without a name works, as users have it by default', async () => {
    expect((await hub.start('')).status).toBe(200);
    expect(await hub.poll('')).toMatchObject({ status: 200, body: { status: null } });
    // As some ingresses pass it on.
    expect((await world.hub.send('GET', `/services/${START_ID}`)).status).toBe(200);
    expect((await hub.stop('')).status).toBe(200);
    expect((await hub.poll('')).status).toBe(404);
  });

  it('of a server without a name is found behind an ingress that makes one slash of two', async () => {
    expect((await hub.start('', { startId: 'a1b2c3' })).status).toBe(200);
    expect(await world.hub.send('GET', '/services/a1b2c3')).toMatchObject({ status: 200, body: { status: null } });
    expect((await world.hub.send('DELETE', '/services/a1b2c3')).status).toBe(200);
    expect((await hub.poll('', 'a1b2c3')).status).toBe(404);
  });

  it('takes the place of the start before it, but not of a namesake of another user', async () => {
    await hub.start('same', { startId: 'first', user: 1 });
    await hub.start('same', { startId: 'theirs', user: 2 });
    await hub.start('same', { startId: 'second', user: 1 });

    expect((await hub.poll('same', 'first')).status).toBe(404);
    expect((await hub.stop('same', 'first')).status).toBe(404);
    expect((await hub.poll('same', 'second')).body).toMatchObject({ status: null });
    expect((await hub.poll('same', 'theirs')).body).toMatchObject({ status: null });
  });

  it('leaves a server alone whose name has the same hash', async () => {
    await hub.start('lab1', { startId: 'old' });
    await hub.start('lab2', { startId: 'other' });
    const [mine, other] = await Promise.all(['old', 'other'].map(anchorOf));
    const label = 'hub-functions/server';
    const labels = { [label]: mine?.metadata?.labels?.[label] };
    await world.cluster.kube.patch('configmaps', other?.metadata?.name ?? '', { metadata: { labels } });

    expect((await hub.start('lab1', { startId: 'new' })).status).toBe(200);

    expect((await hub.poll('lab1', 'old')).status).toBe(404);
    expect((await hub.poll('lab2', 'other')).status).toBe(200);
  });

  it('that cannot succeed says why', async () => {
    // Without a probe it would be ready for a moment, and the start might be answered then.
    const container = { readinessProbe: { tcpSocket: { port: 80 } } };
    world.workspace.describe('brief', {
      'service.yaml': yaml(mainDeployment({ command: ['sh', '-c', 'exit 3'], container })),
    });

    const answers = {
      failed: await hub.start('brief', { options: { service: 'brief' } }),
      unknown: await hub.start('nothing', { options: { service: 'nothing' } }),
      unnamed: await hub.start('unnamed', { options: { service: undefined } }),
      outside: await hub.start('outside', { options: { service: '../hub-b/lab' } }),
      dotted: await hub.start('a.b'),
      heavy: await hub.start('heavy', { options: { note: 'x'.repeat(256 * 1024) } }),
    };

    expect(answers.failed).toMatchObject({ status: 500, body: { error: expect.stringMatching(/\w/) } });
    expect(answers.unknown.status).toBeGreaterThanOrEqual(400);
    expect(answers.unknown.body).toMatchObject({ detailed_error: expect.stringContaining('find service yaml file') });
    for (const { status, body } of [answers.unnamed, answers.outside, answers.dotted, answers.heavy]) {
      expect(status).toBe(422);
      expect(body).toMatchObject({ detail: [{ loc: expect.arrayContaining(['body']), msg: expect.any(String) }] });
    }
    for (const { text } of Object.values(answers)) expect(text).not.toMatch(/traceback|node_modules|\.ts:/i);
  });

  it('with the same ids for another request is a conflict', async () => {
    await hub.start('lab1');

    expect((await hub.start('lab1', { options: { service: 'lab', other: 1 } })).status).toBe(409);
  });
});

describe('a poll', () => {
  it('gives the log when asked', async () => {
    await hub.start('lab1');

    expect((await hub.poll('lab1', START_ID, '?collect_logs=true')).body).toEqual({ status: null, logs: ['hello'] });
  });

  it('gives an exit code when the server is over, and 404 after its stop', async () => {
    world.workspace.describe('brief', { 'service.yaml': yaml(mainDeployment({ command: ['sh', '-c', 'exit 3'] })) });
    await hub.start('brief', { options: { service: 'brief' } });

    // Without a probe it was ready for a moment: the start may have been answered then.
    const over = await eventually(async () => {
      const { body } = await hub.poll('brief', START_ID, '?collect_logs=true');
      return (body as { readonly status: number | null }).status === null ? undefined : body;
    });
    expect(over).toMatchObject({ status: 1, logs: expect.arrayContaining([expect.any(String)]) });
    expect((await hub.stop('brief')).status).toBe(200);
    expect((await hub.poll('brief')).status).toBe(404);
  });

  it('without a start id asks for start 0', async () => {
    await hub.start('plain', { startId: '0' });

    expect((await world.hub.send('GET', '/services/plain')).body).toMatchObject({ status: null });
    expect((await world.hub.send('GET', '/services/plain/')).body).toMatchObject({ status: null });
    expect((await world.hub.send('DELETE', '/services/plain')).status).toBe(200);
  });

  it('of another hub finds nothing', async () => {
    await hub.start('lab1');
    const other = outpostHubOf(world.hubOf('hub-b'));

    expect((await other.poll('lab1')).status).toBe(404);
    expect((await other.stop('lab1')).status).toBe(404);
    expect((await world.hubOf('hub-b').send('GET', '/services/')).body).toEqual([]);
  });
});

describe('a stop', () => {
  it('answers the log when asked, and leaves nothing', async () => {
    await hub.start('lab1');

    const answer = await world.hub.send('DELETE', `/services/lab1/${START_ID}?collect_logs=true`);

    expect(answer).toMatchObject({ status: 200, body: { logs: ['hello'] } });
    await untilEmpty(world.cluster.kube);
    expect((await hub.stop('lab1')).status).toBe(404);
  });

  it('that is asynchronous is answered with 202', async () => {
    await hub.start('lab1');

    expect(await hub.stop('lab1', START_ID, true)).toMatchObject({ status: 202, body: {} });
    expect((await hub.poll('lab1')).status).toBe(404);
  });
});

describe('the rest', () => {
  it("lists the hub's servers with Outpost's keys", async () => {
    await hub.start('lab1', { user: 5 });

    const { body } = await world.hub.send('GET', '/services/');

    expect(body).toEqual([
      {
        name: 'lab1',
        start_id: START_ID,
        start_date: expect.stringMatching(/^\d{4}-/),
        end_date: '9999-12-31T23:59:59.999999Z',
        jupyterhub: 'hub-a',
        jupyterhub_userid: '5',
        last_update: expect.any(String),
        state_stored: true,
        start_pending: false,
        stop_pending: false,
      },
    ]);
    expect((await world.hub.send('GET', '/services')).body).toEqual(body);
  });

  it('wants a login, Basic or Token, everywhere but at ping', async () => {
    const { request } = world.services;
    for (const path of ['/services/', '/services/a/b', '/flavors/']) {
      expect((await request('GET', path)).status).toBe(401);
      const answer = await request('GET', path, { headers: { authorization: basic('hub-a') } });
      expect([200, 404]).toContain(answer.status);
    }
    for (const path of ['/services', '/userflavors']) expect((await request('POST', path)).status).toBe(401);
    expect(await request('GET', '/ping')).toMatchObject({ status: 200, body: { ping: 'pong!' } });
  });
});
