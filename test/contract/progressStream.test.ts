// The progress of a start as server-sent events: complete, resumable on any instance, and over when the start is.
import { basic, token } from '../support/credentialFiles';
import { openEventStream, type EventStream } from '../support/eventSource';
import { eventually } from '../support/eventually';
import type { FunctionProcess } from '../support/functionProcess';
import { mainDeployment, yaml, type MainDeployment } from '../support/manifests';
import { callerOf } from '../support/statusFunction';
import { createWorld, type World } from '../support/world';

let world: World;

beforeAll(async () => {
  world = await createWorld({ environment: { STREAM_SECONDS: '4' } });
});

afterAll(async () => {
  await world?.close();
});

const WAITING: MainDeployment = { pod: { nodeSelector: { 'test/none': 'such' } } };

async function start(name: string, main: MainDeployment = {}, startId = '1'): Promise<void> {
  world.workspace.describe(name, { 'service.yaml': yaml(mainDeployment(main)) });
  expect((await world.hub.start(name, { service: name, startId })).status).toBe(201);
}

async function follow(
  name: string,
  lastEventId = '',
  instance: FunctionProcess = world.services,
): Promise<EventStream> {
  const resumed = { ...(lastEventId && { 'last-event-id': lastEventId }) };
  const headers = { ...instance.headers, authorization: token('hub-a'), ...resumed };
  return openEventStream(`${instance.url}/api/services/${name}/events/`, headers);
}

/** Reads one stream after the other, each from where the last one ended, as an EventSource does. */
async function followToEnd(
  name: string,
  instances: readonly FunctionProcess[],
  lastEventId?: string,
): Promise<EventStream['events']> {
  const all: EventStream['events'][number][] = [];
  for (let turn = 0; turn < 20; turn += 1) {
    const stream = await follow(name, all.at(-1)?.id ?? lastEventId, instances[turn % instances.length]);
    if (stream.status !== 200) break;
    await stream.ended;
    all.push(...stream.events);
  }
  return all;
}

it('a start that succeeds ends with ready, and there is no more to come', async () => {
  await start('good');

  const stream = await follow('good');
  await stream.ended;
  // A stream may end before a slow start does.
  const events = [...stream.events, ...(await followToEnd('good', [world.services], stream.events.at(-1)?.id))];

  expect([stream.status, stream.contentType]).toEqual([200, 'text/event-stream']);
  expect(events.at(-1)).toMatchObject({ event: 'ready', data: { progress: 100, ready: true, failed: false } });
  expect(events.slice(0, -1).filter(({ event }) => event !== 'progress')).toEqual([]);
  expect((await follow('good', events.at(-1)?.id)).status).toBe(204);
});

it('a start that fails ends with failed and its reason, resumed on two instances without gap or repeat', async () => {
  await start('bad', { ...WAITING });
  const instances = [world.services, await world.addServices()];

  const events = await followToEnd('bad', instances);

  expect(events.at(-1)).toMatchObject({ event: 'failed', data: { reason: 'Unschedulable', failed: true } });
  expect(events.at(-1)?.data['html_message']).toMatch(/^<details><summary>.*<\/details>$/s);
  const numbers = events.map(({ id }) => Number(id.split('-')[1]));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(await world.hub.untilOver('bad')).toMatchObject({ status: { reason: 'Unschedulable' } });
  const replayed = await follow('bad');
  await replayed.ended;
  expect(replayed.events).toEqual(events);
});

it('what the status function writes down is what all streams tell', async () => {
  const events = callerOf(await world.addFunction('status'), world.cluster.kube);
  await start('shared', { command: ['sh', '-c', 'sleep 20; echo bye; exit 4'] });
  const instances = [world.services, await world.addServices()];
  // A stream may end before a slow start does; the next one goes on.
  const streams = instances.map(async (instance) => followToEnd('shared', [instance]));
  const hints = setInterval(() => void events.hint('shared').catch(() => undefined), 100);
  const [one, two] = await Promise.all(streams).finally(() => clearInterval(hints));

  expect(one?.at(-1)?.event).toBe('ready');
  expect(two).toEqual(one);
});

it('a stop ends it with stopped', async () => {
  await start('stopped', { ...WAITING, pod: { schedulingGates: [{ name: 'test/never' }] } });
  const stream = await follow('stopped');
  await eventually(async () => stream.events[0]);

  expect((await world.hub.stop('stopped')).status).toBe(204);
  await stream.ended;

  expect(stream.events.at(-1)).toMatchObject({ event: 'stopped', data: { failed: true } });
  expect((await follow('stopped', stream.events.at(-1)?.id)).status).toBe(404);
});

it('a new start ends the stream of the old one, whose ids mean nothing to it', async () => {
  const gated: MainDeployment = { pod: { schedulingGates: [{ name: 'test/never' }] } };
  await start('again', gated);
  const old = await follow('again');
  await eventually(async () => old.events[0]);

  await start('again', {}, '2');
  await old.ended;
  const fresh = await followToEnd('again', [world.services], old.events.at(-1)?.id);

  expect(old.events.at(-1)?.event).toBe('stopped');
  expect(fresh[0]?.id).toMatch(/-1$/);
  expect(fresh.at(-1)?.event).toBe('ready');
});

it('is for those who may poll, and of what they may poll', async () => {
  const path = '/api/services/good/events/';
  expect((await world.services.request('GET', path)).status).toBe(401);
  const wrong = { authorization: basic('hub-a', 'wrong') };
  expect((await world.services.request('GET', path, { headers: wrong })).status).toBe(401);
  expect((await world.hubOf('hub-b').send('GET', path)).status).toBe(404);
  expect((await world.hub.send('GET', '/api/services/never/events/')).status).toBe(404);
});
