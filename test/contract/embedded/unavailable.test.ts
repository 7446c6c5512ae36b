// The API server is away, slow, or fails in the middle: nothing is lost, and every answer can be acted on (weaknesses 4, 8, 19).
import { setTimeout as sleep } from 'node:timers/promises';
import { embeddedOf, withFault, type FaultRule } from '../../support/embedded';
import { eventually, untilEmpty } from '../../support/eventually';
import type { Polled } from '../../support/hub';
import { configMap, everyKind, mainDeployment, service, yaml } from '../../support/manifests';
import { createWorld, type World } from '../../support/world';
import { outpostHubOf, START_ID } from '../outpost/outpostHub';

const AWAY: FaultRule = { match: {}, effect: { reset: true } };
/** Longer than anything but a stop waits for an API server that is away. */
const OUTAGE_MS = 2_500;

let world: World;

beforeAll(async () => {
  // What is read directly; what is told from memory meanwhile is in watchCache.test.ts.
  world = await createWorld({ config: { services: { watch_cache: { max_age_seconds: 0 } } } });
  world.workspace.describe('parts', { 'service.yaml': yaml(service(), configMap('map-<id>', {}), mainDeployment()) });
});

afterEach(() => {
  embeddedOf(world).faults.clear();
});

afterAll(async () => {
  await world?.close();
});

const unavailable = {
  status: 503,
  headers: { 'retry-after': expect.stringMatching(/^\d+$/) as unknown },
};

describe('while the API server is away', () => {
  it('a start is a 503 that can be repeated', async () => {
    const away = await withFault(world, AWAY, async () => world.hub.start('away', { service: 'parts' }));

    expect(away).toMatchObject({
      ...unavailable,
      body: { error: 'Could not start service', detailed_error: expect.any(String) },
    });
    expect((await world.hub.start('away', { service: 'parts' })).status).toBe(201);
    await world.hub.untilRunning('away');
  });

  it('a poll says running, with the reason beside it', async () => {
    const answer = await withFault(world, AWAY, async () => world.hub.send('GET', '/api/services/away/'));

    expect(answer).toMatchObject({
      status: 200,
      body: {
        servername: 'away',
        running: true,
        details: { error: 'Could not check status service.', detailed_error: expect.any(String) },
        status: { phase: 'unknown', retryable: true },
      },
    });
  });

  it('list, update and health are a 503', async () => {
    await withFault(world, AWAY, async () => {
      expect(await world.hub.send('GET', '/api/services/')).toMatchObject(unavailable);
      expect(await world.hub.update('away')).toMatchObject(unavailable);
      const health = await eventually(async () => {
        const answer = await world.services.request('GET', '/api/health/');
        return answer.status === 503 ? answer : undefined;
      });
      expect(health).toMatchObject(unavailable);
    });
  });

  it('weakness 7: a stop waits until it is back, as a hub asks only once', async () => {
    const remove = embeddedOf(world).faults.inject(AWAY);
    const stop = world.hub.stop('away');
    await sleep(OUTAGE_MS);
    remove();

    expect((await stop).status).toBe(204);
    await untilEmpty(world.cluster.kube);
  });

  it('weakness 7: a stop goes on when its caller has left', async () => {
    await world.hub.start('left', { service: 'parts' });
    await withFault(world, AWAY, async () => {
      const stop = world.hub.send('DELETE', '/api/services/left/', { timeoutMs: 300 });
      await expect(stop).rejects.toThrow('aborted');
    });

    await untilEmpty(world.cluster.kube);
  });

  it('weakness 7: a stop that takes longer than its request is told so, and is done all the same', async () => {
    const hasty = world.hubOf('hub-a', await world.addServices({ REQUEST_TIMEOUT_SECONDS: '1' }));
    await world.hub.start('long', { service: 'parts' });

    expect((await withFault(world, AWAY, async () => hasty.stop('long'))).status).toBe(504);

    await untilEmpty(world.cluster.kube);
  });

  it("weakness 7: a stop in Outpost's contract waits, too", async () => {
    const outpost = outpostHubOf(world.hub);
    await outpost.start('lab', { options: { service: 'parts' }, async: true });
    const remove = embeddedOf(world).faults.inject(AWAY);
    const stop = world.hub.send('DELETE', `/services/lab/${START_ID}?collect_logs=true`);
    await sleep(OUTAGE_MS);
    remove();

    expect((await stop).status).toBe(200);
    await untilEmpty(world.cluster.kube);
  });

  it('weakness 15: no answer holds an address', async () => {
    const answers = await withFault(world, AWAY, async () => [
      await world.hub.start('quiet'),
      await world.hub.send('GET', '/api/services/quiet/'),
      await world.hub.send('GET', '/api/services/'),
    ]);

    for (const { text } of answers) expect(text).not.toMatch(/127\.0\.0\.1|ECONN|socket/);
    await world.hub.stop('quiet');
  });
});

describe('an API server that refuses, as one that has just restarted does for a moment', () => {
  it.each([401, 403])('with %d: a poll says running, and the log that somebody must look', async (status) => {
    const name = `refused${status}`;

    const answer = await withFault(world, { match: {}, effect: { status } }, async () =>
      world.hub.send('GET', `/api/services/${name}/`),
    );

    expect(answer).toMatchObject({
      status: 200,
      headers: { 'retry-after': '5' },
      body: { servername: name, running: true, status: { phase: 'unknown', reason: 'ClusterUnavailable' } },
    });
    const told = await eventually(async () => {
      const lines = world.services.output().split('\n');
      return lines.find((line) => line.includes(`"servername":"${name}"`));
    });
    expect(told).toContain('"level":"error"');
    expect((await world.hub.send('GET', `/api/services/${name}/`)).status).toBe(404);
  });
});

describe('an API server that does not answer', () => {
  const HANGS: FaultRule = { match: {}, effect: { delayMs: 30_000 } };

  it('a poll says running before the client of a hub gives up', async () => {
    await withFault(world, HANGS, async () => {
      const began = performance.now();

      expect(await world.hub.poll('hanging')).toMatchObject({ running: true, status: { phase: 'unknown' } });
      expect(performance.now() - began).toBeLessThan(15_000);
    });
  });

  it('weakness 19: holds no request longer than its deadline', async () => {
    const instance = await world.addServices({ REQUEST_TIMEOUT_SECONDS: '2' });
    const hub = world.hubOf('hub-a', instance);
    await withFault(world, HANGS, async () => {
      const began = performance.now();
      const [poll, list, start] = await Promise.all([
        hub.send('GET', '/api/services/any/'),
        hub.send('GET', '/api/services/'),
        hub.start('any', { service: 'parts' }),
      ]);

      expect(poll).toMatchObject({ status: 200, body: { running: true } });
      expect([503, 504]).toContain(list.status);
      expect([503, 504]).toContain(start.status);
      expect(performance.now() - began).toBeLessThan(5_000);
    });
    // Otherwise its start is made and taken back while others are looked at.
    instance.kill('SIGKILL');
  });
});

describe('a slow start', () => {
  const SLOW: FaultRule = { match: { verb: 'create', resource: 'deployments' }, effect: { delayMs: 1_500 } };

  it('weakness 4: is polled as running and starting, and is listed', async () => {
    await withFault(world, SLOW, async () => {
      const start = world.hub.start('slow', { service: 'parts' });
      await eventually(async () => {
        const { body } = await world.hub.send('GET', '/api/services/');
        return (body as unknown[]).length === 1 ? true : undefined;
      });

      expect(await world.hub.poll('slow')).toMatchObject({ running: true, status: { phase: 'starting' } });
      expect((await start).status).toBe(201);
    });
    expect((await world.hub.stop('slow')).status).toBe(204);
  });

  it('weakness 4: with a Job that runs already is not taken for one that lost its Deployment', async () => {
    world.workspace.describe('full', { 'service.yaml': yaml(...everyKind(), mainDeployment()) });
    const slower: FaultRule = { ...SLOW, effect: { delayMs: 2_500 } };
    await withFault(world, slower, async () => {
      const start = world.hub.start('early', { service: 'full' });
      await eventually(async () => (await world.cluster.kube.list('pods'))[0]);
      const seen: Polled[] = [];
      while (!(await isSettled(start))) seen.push(await world.hub.poll('early'));

      expect((await start).status).toBe(201);
      const told = new Set(seen.slice(0, -1).map(({ running, status }) => `${running} ${status.phase}`));
      expect([...told]).toEqual(['true starting']);
    });
    expect(await world.hub.untilRunning('early')).toMatchObject({ running: true });
    expect((await world.hub.stop('early')).status).toBe(204);
  });

  it('weakness 4: that is stopped meanwhile leaves nothing', async () => {
    await withFault(world, SLOW, async () => {
      const start = world.hub.start('stopped', { service: 'parts' });
      await eventually(async () => ((await world.hub.stop('stopped')).status === 204 ? true : undefined));
      await start;
    });

    await untilEmpty(world.cluster.kube);
    expect((await world.hub.send('GET', '/api/services/stopped/')).status).toBe(404);
  });

  it('weakness 4: goes on when its caller hangs up', async () => {
    await withFault(world, SLOW, async () => {
      await expect(world.hub.start('hungup', { service: 'parts', timeoutMs: 300 })).rejects.toThrow('aborted');
    });

    expect(await world.hub.untilRunning('hungup')).toMatchObject({ running: true });
    expect((await world.hub.stop('hungup')).status).toBe(204);
    await untilEmpty(world.cluster.kube);
  });
});

describe('a failure at the nth request of a start', () => {
  const alreadyExists = { kind: 'Status', status: 'Failure', reason: 'AlreadyExists', code: 409, message: 'exists' };
  const STEPS = [1, 2, 3, 4, 5];
  const create = { verb: 'create' } as const;

  it.each<[string, FaultRule['match'], FaultRule['effect']]>([
    ['409 Conflict', create, { status: 409 }],
    ['409 AlreadyExists', create, { status: 409, body: alreadyExists }],
    ['429', { verb: 'create' }, { status: 429, retryAfterSeconds: 1 }],
    ['500', {}, { status: 500 }],
    ['a reset', {}, { reset: true }],
    ['a lost answer', {}, { reset: true, after: true }],
  ])('%s, once: the start succeeds', async (_name, match, effect) => {
    const answers = [];
    for (const at of STEPS) {
      const answer = await withFault(world, { match, at, effect }, async () =>
        world.hub.start(`once${at}`, { service: 'parts' }),
      );
      answers.push([answer.status, (await world.hub.stop(`once${at}`)).status]);
    }

    expect(answers).toEqual(STEPS.map(() => [201, 204]));
    await untilEmpty(world.cluster.kube);
  });

  it.each<[string, FaultRule['effect'], readonly number[]]>([
    ['429', { status: 429, retryAfterSeconds: 1 }, [1, 4]],
    ['500', { status: 500 }, [1, 2, 3, 5]],
    ['a reset', { reset: true }, [1, 2, 3, 5]],
    ['a lost answer', { reset: true, after: true }, [1, 2, 3, 5]],
  ])('%s, from then on: 503, and the repeat completes it', async (_name, effect, steps) => {
    for (const at of steps) {
      const name = `on${at}`;

      const rule = { match: {}, at, times: 1_000, effect };
      const answer = await withFault(world, rule, async () => world.hub.start(name, { service: 'parts' }));
      const repeat = await world.hub.start(name, { service: 'parts' });

      expect(answer).toMatchObject(unavailable);
      expect(repeat.status).toBe(201);
      const everything = await world.cluster.kube.everything();
      for (const object of [`Service/svc-${name}`, `ConfigMap/map-${name}`, `Deployment/deployment-main-${name}`]) {
        expect(everything).toContain(`${object}-12345678`);
      }
      expect((await world.hub.stop(name)).status).toBe(204);
    }
    await untilEmpty(world.cluster.kube);
  });
});

async function isSettled(work: Promise<unknown>): Promise<boolean> {
  const pause = new Promise((resolve) => setTimeout(resolve, 50, 'pending'));
  return (await Promise.race([work, pause])) !== 'pending';
}
