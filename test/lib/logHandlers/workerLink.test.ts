// The worker thread's life: started when it is needed, started again when it dies, gone when nobody needs it.
import { EventEmitter } from 'node:events';
import { createLog } from '../../../lib/log';
import { textsOf } from '../../support/logBatch';
import type { FromWorker, ToWorker } from '../../../lib/logHandlers/messages';
import { DEFAULTS, type SyslogSettings } from '../../../lib/logHandlers/settings';
import { createSlowHandlers, type SlowHandlers } from '../../../lib/logHandlers/slowHandlers';
import type { Thread } from '../../../lib/logHandlers/workerLink';

/** A thread that only remembers what it was told. */
class FakeThread extends EventEmitter {
  readonly told: ToWorker[] = [];
  readonly postMessage = (message: ToWorker): void => void this.told.push(message);
  readonly unref = (): void => undefined;
  readonly terminate = async (): Promise<number> => {
    this.emit('exit', 1);
    return 1;
  };
}

const SYSLOG = DEFAULTS.syslog as unknown as SyslogSettings;

let threads: FakeThread[];
let lines: Record<string, unknown>[];
let slow: SlowHandlers;
/** How many of the next starts fail. */
let failing: number;

beforeEach(() => {
  failing = 0;
  jest.useFakeTimers();
  threads = [];
  lines = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>);
  slow = createSlowHandlers({
    log: createLog({ level: 'debug', name: 'x', write }),
    startWorker: () => {
      failing -= 1;
      if (failing >= 0) throw new Error('no more threads');
      threads.push(new FakeThread());
      return threads.at(-1) as unknown as Thread;
    },
  });
});

afterEach(() => {
  jest.useRealTimers();
});

const kinds = (thread: FakeThread | undefined): readonly string[] => thread?.told.map(({ kind }) => kind) ?? [];
const batches = (thread: FakeThread | undefined) => thread?.told.filter((message) => message.kind === 'batch') ?? [];
const tell = (thread: FakeThread | undefined, message: FromWorker): void => void thread?.emit('message', message);

test('without a handler that needs it there is no worker', () => {
  slow.configure({});
  expect(threads).toEqual([]);
});

test('a worker that was killed is started again, and gets what its predecessor had not written', () => {
  slow.configure({ syslog: SYSLOG });
  slow.push('syslog')(20, 1, 'first');
  jest.advanceTimersByTime(200);
  const [sent] = batches(threads[0]);

  threads[0]?.emit('error', new Error('out of memory'));
  threads[0]?.emit('exit', 1);
  slow.push('syslog')(20, 2, 'second');
  jest.advanceTimersByTime(600);

  expect(threads).toHaveLength(2);
  expect(kinds(threads[1])[0]).toBe('configure');
  expect(batches(threads[1])).toContainEqual(sent);
  expect(batches(threads[1]).flatMap(({ batch }) => textsOf(batch))).toEqual(['first', 'second']);
  expect(slow.counted().workerDeaths).toBe(1);
  expect(lines).toMatchObject([{ level: 'warn', reason: 'out of memory' }]);
});

test('one that dies again and again is started less and less often', () => {
  slow.configure({ syslog: SYSLOG });
  for (let second = 0; second < 120; second += 1) {
    threads.at(-1)?.emit('exit', 1);
    jest.advanceTimersByTime(1_000);
  }
  expect(threads.length).toBeGreaterThan(5);
  expect(threads.length).toBeLessThan(12);
});

test('one that cannot be started is tried again, and harms nobody', () => {
  failing = 2;
  slow.configure({ syslog: SYSLOG });
  slow.push('syslog')(20, 1, 'kept');
  jest.advanceTimersByTime(2_000);

  expect(slow.counted().workerDeaths).toBe(2);
  expect(lines).toMatchObject([{ reason: 'no more threads' }, { reason: 'no more threads' }]);
  expect(batches(threads[0]).flatMap(({ batch }) => textsOf(batch))).toEqual(['kept']);
});

test('trouble of another configuration is no reason to be silent', () => {
  for (const configuration of ['first', 'first', undefined, 'first', 'second']) {
    slow.troubles.forgetOther('syslog', configuration);
    if (configuration !== undefined) slow.troubles.tell('syslog', 'refused');
  }
  expect(lines.map(({ message }) => message)).toEqual(Array(3).fill('a log handler cannot work'));
});

test('trouble is told once, again when it is another one, and its end', () => {
  slow.configure({ syslog: SYSLOG });
  for (const reason of ['refused', 'refused', 'reset'])
    tell(threads[0], { kind: 'trouble', handler: 'syslog', reason });
  tell(threads[0], { kind: 'recovered', handler: 'syslog' });

  expect(lines.map(({ message, reason }) => [message, reason])).toEqual([
    ['a log handler cannot work', 'refused'],
    ['a log handler cannot work', 'reset'],
    ['a log handler works again', undefined],
  ]);
});

test('drops are told now and then, and counted', () => {
  slow.configure({ syslog: SYSLOG });
  for (let number = 0; number < 10_000; number += 1) slow.push('syslog')(20, 1, 'x'.repeat(500));
  jest.advanceTimersByTime(10_000);

  const [, counts] = slow.counted().handlers[0]!;
  expect(counts.dropped).toBeGreaterThanOrEqual(7_000);
  expect(lines).toMatchObject([{ message: 'log records were dropped', handler: 'syslog', dropped: counts.dropped }]);
});

test('drops of a handler that was added again are told from the first on', () => {
  const drop = (count: number): void => {
    slow.configure({ syslog: SYSLOG });
    for (let number = 0; number < count; number += 1) slow.push('syslog')(20, 1, 'x'.repeat(500));
    jest.advanceTimersByTime(10_000);
  };
  drop(10_000);
  slow.configure({});
  drop(5_000);

  const [first, second] = lines.map(({ dropped }) => Number(dropped));
  expect([first! > second!, second! > 1_000]).toEqual([true, true]);
});

test('an end waits for the worker, but not for long', async () => {
  slow.configure({ syslog: SYSLOG });
  slow.push('syslog')(20, 1, 'last');
  const closing = slow.close(1_500);
  await jest.advanceTimersByTimeAsync(10);
  const [sent] = batches(threads[0]);
  tell(threads[0], { kind: 'done', handler: 'syslog', id: sent!.batch.id, lost: 0 });
  await jest.advanceTimersByTimeAsync(10);
  tell(threads[0], { kind: 'closed' });
  await jest.advanceTimersByTimeAsync(10);
  await closing;
  expect(kinds(threads[0]).at(-1)).toBe('close');
});

test('an end gives up on a worker that does not answer', async () => {
  slow.configure({ syslog: SYSLOG });
  slow.push('syslog')(20, 1, 'last');
  const closing = slow.close(1_500);
  await jest.advanceTimersByTimeAsync(3_100);
  await expect(closing).resolves.toBeUndefined();
});
