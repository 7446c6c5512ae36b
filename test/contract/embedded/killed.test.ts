// The function is killed at every API request of a start, a stop and an ending: a repeat finishes it, and nothing else is touched.
import { setTimeout as sleep } from 'node:timers/promises';
import { embeddedOf, OWN_REQUESTS } from '../../support/embedded';
import { eventually, untilEmpty } from '../../support/eventually';
import type { FunctionProcess } from '../../support/functionProcess';
import type { Hub, Polled } from '../../support/hub';
import { configMap, mainDeployment, service, yaml } from '../../support/manifests';
import { createWorld, type World } from '../../support/world';

jest.setTimeout(60_000);

const FOREIGN = ['ConfigMap/bystander', 'Secret/bystander'];
const MOST_REQUESTS = 20;

let world: World;

beforeAll(async () => {
  world = await createWorld();
  world.workspace.describe('parts', { 'service.yaml': yaml(service(), configMap('map-<id>', {}), mainDeployment()) });
  world.workspace.describe('brief', {
    'service.yaml': yaml(service(), mainDeployment({ command: ['sh', '-c', 'exit 0'] })),
  });
  const bystander = { metadata: { name: 'bystander', labels: { 'app.kubernetes.io/managed-by': 'hub-functions' } } };
  await world.cluster.kube.create('configmaps', bystander);
  await world.cluster.kube.create('secrets', bystander);
});

afterAll(async () => {
  await world?.close();
});

/** Runs `work` on an instance that is killed at its nth API request; false when it made fewer. */
async function killedAt(at: number, work: (hub: Hub) => Promise<unknown>): Promise<boolean> {
  const instance: FunctionProcess = await world.addServices();
  const { faults } = embeddedOf(world);
  let isKilled = false;
  faults.inject({
    match: OWN_REQUESTS,
    at,
    effect: {
      crash: () => {
        isKilled = true;
        instance.kill('SIGKILL');
      },
    },
  });
  try {
    await work(world.hubOf('hub-a', instance));
  } catch (error) {
    if (!isKilled) throw error;
  }
  faults.clear();
  await instance.stop();
  return isKilled;
}

/** Every n from the first request to the last. */
async function atEachRequest(check: (at: number) => Promise<boolean>): Promise<number> {
  for (let at = 1; at <= MOST_REQUESTS; at += 1) if (!(await check(at))) return at - 1;
  throw new Error(`more than ${MOST_REQUESTS} requests`);
}

async function pollThrice(name: string): Promise<readonly Polled[]> {
  return [await world.hub.poll(name), await world.hub.poll(name), await world.hub.poll(name)];
}

async function untilExited(name: string): Promise<void> {
  await eventually(async () => {
    const [pod] = await world.cluster.kube.list('pods', `name=${name}-1`);
    const status = pod?.['status'] as { containerStatuses?: { restartCount: number; state: object }[] } | undefined;
    const [main] = status?.containerStatuses ?? [];
    return main !== undefined && (main.restartCount > 0 || 'terminated' in main.state) ? true : undefined;
  });
}

/** It may run again just now: then the next poll finds it ended. Fails at once when the instance is gone. */
async function pollUntilOver(hub: Hub, name: string): Promise<void> {
  while ((await hub.poll(name)).running) await sleep(100);
}

it('weakness 4: a start that was killed is completed by its repeat', async () => {
  const kills = await atEachRequest(async (at) => {
    const name = `repeat${at}`;
    const isKilled = await killedAt(at, async (hub) => hub.start(name, { service: 'parts', startId: '1' }));

    const repeat = await world.hub.start(name, { service: 'parts', startId: '1' });

    expect(repeat).toMatchObject({ status: 201, body: { servername: name } });
    const everything = await world.cluster.kube.everything();
    for (const object of [
      `Deployment/deployment-main-${name}-1`,
      `Service/svc-${name}-1`,
      `ConfigMap/map-${name}-1`,
      `Secret/secret-${name}-1-k8smgr`,
    ]) {
      expect(everything).toContain(object);
    }
    expect((await world.hub.stop(name)).status).toBe(204);
    return isKilled;
  });

  expect(kills).toBeGreaterThanOrEqual(5);
  await untilEmpty(world.cluster.kube, FOREIGN);
});

it('weakness 4: a start that was killed is polled as running and removed by a stop', async () => {
  await atEachRequest(async (at) => {
    const name = `stop${at}`;
    const isKilled = await killedAt(at, async (hub) => hub.start(name, { service: 'parts' }));

    const poll = await world.hub.send('GET', `/api/services/${name}/`);
    expect(poll.status === 404 || (poll.body as { running: boolean }).running).toBe(true);
    expect((await world.hub.stop(name)).status).toBe(poll.status === 404 ? 404 : 204);
    return isKilled;
  });

  await untilEmpty(world.cluster.kube, FOREIGN);
});

it('weakness 4: a start that was killed gives way to one with a new start id', async () => {
  await atEachRequest(async (at) => {
    const name = `next${at}`;
    const isKilled = await killedAt(at, async (hub) => hub.start(name, { service: 'parts', startId: '1' }));

    expect((await world.hub.start(name, { service: 'parts', startId: '2' })).status).toBe(201);

    await eventually(async () => {
      const old = (await world.cluster.kube.everything()).filter((object) => object.includes(`${name}-1`));
      expect(old).toEqual([]);
      return true;
    });
    expect(await world.hub.poll(name)).toMatchObject({ running: true, start_id: '2' });
    expect((await world.hub.stop(name)).status).toBe(204);
    return isKilled;
  });

  await untilEmpty(world.cluster.kube, FOREIGN);
});

it('weakness 7: a stop that was killed is finished by the next one', async () => {
  await atEachRequest(async (at) => {
    const name = `again${at}`;
    await world.hub.start(name, { service: 'parts' });
    const isKilled = await killedAt(at, async (hub) => hub.stop(name));

    expect((await world.hub.stop(name)).status).toBe(isKilled ? 204 : 404);
    return isKilled;
  });

  await untilEmpty(world.cluster.kube, FOREIGN);
});

it('weakness 6: a poll that was killed while it cleaned up is finished by the next one', async () => {
  const kills = await atEachRequest(async (at) => {
    const name = `brief${at}`;
    await world.hub.start(name, { service: 'brief', startId: '1' });
    await untilExited(name);
    const isKilled = await killedAt(at, async (hub) => pollUntilOver(hub, name));

    expect((await world.hub.untilOver(name)).status).toMatchObject({ reason: 'Exited' });
    await eventually(async () => {
      const left = (await world.cluster.kube.everything()).filter((object) => object.includes(name));
      expect(left).toEqual([expect.stringContaining(`ConfigMap/service-${name}-`)]);
      return true;
    });
    expect((await world.hub.stop(name)).status).toBe(204);
    return isKilled;
  });

  expect(kills).toBeGreaterThanOrEqual(4);
  await untilEmpty(world.cluster.kube, FOREIGN);
});

it('weakness 6: a repeat of a start whose end was being written down is never killed by that end', async () => {
  const once = mainDeployment({ command: ['sh', '-c', 'exit 0'] });
  let anew = 0;
  await atEachRequest(async (at) => {
    const name = `revived${at}`;
    world.workspace.describe('revived', { 'service.yaml': yaml(once) });
    const first = await world.hub.start(name, { service: 'revived', startId: '1' });
    await untilExited(name);
    const isKilled = await killedAt(at, async (hub) => pollUntilOver(hub, name));

    world.workspace.describe('revived', { 'service.yaml': yaml(mainDeployment()) });
    const repeat = await world.hub.start(name, { service: 'revived', startId: '1' });

    expect(repeat.status).toBe(201);
    const isAnew = repeat.text !== first.text;
    anew += Number(isAnew);
    const polls = isAnew ? await pollThrice(name) : [await world.hub.untilOver(name)];
    expect(polls.map(({ running }) => running)).toEqual(isAnew ? [true, true, true] : [false]);
    expect((await world.hub.stop(name)).status).toBe(204);
    return isKilled;
  });

  expect(anew).toBeGreaterThanOrEqual(1);
  await untilEmpty(world.cluster.kube, FOREIGN);
});
