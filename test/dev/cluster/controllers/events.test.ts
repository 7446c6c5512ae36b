import { createClient, EVENTS, NAMESPACES, PODS } from '../../../../dev/cluster/controllers/client';
import { createRecorder, type RecordEvent } from '../../../../dev/cluster/controllers/events';
import type { Event, Pod } from '../../../../dev/cluster/controllers/wire';
import { createStore } from '../../../../dev/cluster/store';

let time: number;
const clock = (): Date => new Date(time);
let client: ReturnType<typeof createClient>;
let pod: Pod;
let record: RecordEvent;

beforeEach(() => {
  time = Date.parse('2026-01-01T00:00:00Z');
  client = createClient(createStore(clock));
  client.create(NAMESPACES, { metadata: { name: 'default' } });
  pod = client.create(PODS, { metadata: { name: 'web', namespace: 'default' } });
  record = createRecorder(client, clock, { component: 'kubelet', host: 'node' });
});

const events = (): readonly Event[] => client.list(EVENTS, 'default');
const tell = (reason: string, message = 'told'): void => record(pod, { type: 'Normal', reason, message });

test('names lie in order of time, also within a millisecond and between components', () => {
  const scheduler = createRecorder(client, clock, { component: 'default-scheduler' });
  scheduler(pod, { type: 'Normal', reason: 'Scheduled', message: 'told' });
  for (const reason of ['Pulled', 'Created', 'Started']) tell(reason);
  time += 1;
  tell('Killing');
  expect(events().map(({ reason }) => reason)).toEqual(['Scheduled', 'Pulled', 'Created', 'Started', 'Killing']);
  expect(events()[0]?.metadata.name).toBe(`web.${(BigInt(Date.parse('2026-01-01')) * 1_000_000n).toString(16)}`);
});

test('what is told again is counted', () => {
  tell('Pulled');
  time += 5000;
  tell('Pulled');
  expect(events()).toMatchObject([
    { count: 2, firstTimestamp: '2026-01-01T00:00:00Z', lastTimestamp: '2026-01-01T00:00:05Z' },
  ]);
});

test('the scheduler writes eventTime and series', () => {
  const scheduler = createRecorder(client, clock, { component: 'default-scheduler' });
  const waits = (): void =>
    scheduler(pod, { type: 'Warning', reason: 'FailedScheduling', message: 'told', action: 'Scheduling' });
  waits();
  expect(events()).toMatchObject([
    { eventTime: '2026-01-01T00:00:00.000000Z', firstTimestamp: null, lastTimestamp: null, action: 'Scheduling' },
  ]);
  expect(events()[0]).not.toHaveProperty('count');
  time += 5000;
  waits();
  expect(events()).toMatchObject([{ series: { count: 2, lastObservedTime: '2026-01-01T00:00:05.000000Z' } }]);
});

test('an Event that somebody deleted is told anew', () => {
  tell('Pulled');
  client.remove(EVENTS.type, events()[0]!);
  tell('Pulled');
  expect(events()).toMatchObject([{ count: 1 }]);
});

test('many messages of one kind end in one Event that tells the last of them', () => {
  for (let index = 1; index <= 50; index += 1) tell('FailedCreate', `pod-${index} is forbidden`);
  expect(events()).toHaveLength(10);
  expect(events().at(-1)).toMatchObject({ count: 41, message: '(combined from similar events): pod-50 is forbidden' });
});

test('after ten minutes of silence messages stand alone again', () => {
  for (let index = 1; index <= 20; index += 1) tell('FailedCreate', `pod-${index} is forbidden`);
  time += 601_000;
  tell('FailedCreate', 'pod-21 is forbidden');
  expect(events().at(-1)).toMatchObject({ count: 1, message: 'pod-21 is forbidden' });
});
