// What one instance has answered, the other tells as well: both are warm and answer from what they watch (docs/adr/0008).
import { eventually, untilEmpty } from '../support/eventually';
import type { FunctionProcess } from '../support/functionProcess';
import type { Hub } from '../support/hub';
import { mainDeployment, yaml } from '../support/manifests';
import { createWorld, type World } from '../support/world';

const TIMES = 25;

/** `watch_cache.max_age_seconds`: the other instance's watch is fed at the same moment, but no clock promises which is read first. */
const MAX_AGE_SECONDS = 30;

let world: World;
let hubs: readonly [Hub, Hub];

beforeAll(async () => {
  world = await createWorld();
  const waiting = mainDeployment({ pod: { nodeSelector: { 'test/none': 'such' } } });
  world.workspace.describe('waiting', { 'service.yaml': yaml(waiting) });
  const other: FunctionProcess = await world.addServices();
  hubs = [world.hub, world.hubOf('hub-a', other)];
  // A while after its first list an instance is warm; that it is shows nowhere but in the requests it makes.
  for (const { send } of hubs) await send('GET', '/api/services/');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
});

afterAll(async () => world?.close());

/** Each instance in turn is the one that writes. */
async function manyTimes(check: (writer: Hub, reader: Hub, name: string) => Promise<void>): Promise<void> {
  const [a, b] = hubs;
  for (let time = 0; time < TIMES; time += 1) {
    const [writer, reader] = time % 2 === 0 ? [a, b] : [b, a];
    await check(writer, reader, `twice${time}`);
  }
}

it('a start is polled and listed by both', async () => {
  await manyTimes(async (writer, reader, name) => {
    expect((await writer.start(name, { service: 'waiting', startId: '1' })).status).toBe(201);

    for (const hub of [reader, writer]) {
      expect(await hub.poll(name)).toMatchObject({ running: true, start_id: '1' });
      expect(await namesOf(hub)).toContain(name);
    }
  });
});

it('a start with another start id replaces the first one for both', async () => {
  await manyTimes(async (writer, reader, name) => {
    expect((await writer.start(name, { service: 'waiting', startId: '2' })).status).toBe(201);

    for (const hub of [reader, writer]) expect(await hub.poll(name)).toMatchObject({ running: true, start_id: '2' });
  });
});

it('a stop is known to the instance that made it at once, and to the other within the bound', async () => {
  await manyTimes(async (writer, reader, name) => {
    expect((await writer.stop(name)).status).toBe(204);

    await expectUnknown(writer, name);
    await eventually(async () => expectUnknown(reader, name).then(() => true), MAX_AGE_SECONDS);
  });
});

it('an end is told alike by both, and so is the start after it', async () => {
  world.workspace.describe('brief', {
    'service.yaml': yaml(mainDeployment({ command: ['sh', '-c', 'exit 0'] })),
  });
  const [a, b] = hubs;
  await a.start('brief', { service: 'brief', startId: '1' });
  await a.untilOver('brief');

  expect(await b.poll('brief')).toMatchObject({ running: false, start_id: '1' });
  expect((await b.start('brief', { service: 'waiting', startId: '2' })).status).toBe(201);
  expect(await a.poll('brief')).toMatchObject({ running: true, start_id: '2' });
  expect((await a.stop('brief')).status).toBe(204);
  await eventually(async () => ((await namesOf(b)).includes('brief') ? undefined : true), MAX_AGE_SECONDS);
});

it('nothing is left of any of them', async () => {
  await expect(untilEmpty(world.cluster.kube)).resolves.toBeUndefined();
});

async function expectUnknown(hub: Hub, name: string): Promise<void> {
  expect((await hub.send('GET', `/api/services/${name}/`)).status).toBe(404);
  expect(await namesOf(hub)).not.toContain(name);
}

async function namesOf(hub: Hub): Promise<readonly string[]> {
  const { body } = await hub.send('GET', '/api/services/');
  return (body as { servername: string }[]).map(({ servername }) => servername);
}
