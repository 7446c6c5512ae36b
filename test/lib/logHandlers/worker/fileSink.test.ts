// A log file over simulated nights: the clock is the time of the records.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Batch, Writer } from '../../../../lib/logHandlers/messages';
import type { FileSettings } from '../../../../lib/logHandlers/settings';
import { fileSink } from '../../../../lib/logHandlers/worker/fileSink';
import { batchOf } from '../../../support/logBatch';
import type { Sink } from '../../../../lib/logHandlers/worker/sink';

const WRITER: Writer = { function: 'jobs', instance: 'pod-1', pid: process.pid, smtpDirectory: '' };

let folder: string;
let open: Sink[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hub-functions-file-'));
});

afterEach(async () => {
  await Promise.all(open.map(async ({ close }) => close()));
  open = [];
  rmSync(folder, { recursive: true });
});

async function opened(settings: Partial<FileSettings> = {}, writer: Partial<Writer> = {}): Promise<Sink> {
  const complete = {
    formatter: 'simple',
    level: 10,
    filename: join(folder, 'file.log'),
    when: 'midnight',
    backupCount: 7,
  } as const;
  const sink = fileSink({ ...complete, ...settings }, { ...WRITER, ...writer });
  await sink.ready();
  open.push(sink);
  return sink;
}

function records(...entries: readonly (readonly [date: Date, text: string])[]): Batch {
  return batchOf(1, ...entries.map(([date, text]) => ({ time: date.getTime(), text })));
}

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const logs = (): readonly string[] =>
  readdirSync(folder).filter((name) => name.startsWith('file.log') && !name.endsWith('.lock'));

test('a night separates two files, to the record, even within one batch', async () => {
  const sink = await opened();

  await sink.write(
    records(
      [new Date(2026, 10, 28, 23, 59, 59, 999), 'last of Saturday'],
      [new Date(2026, 10, 29, 0, 0, 0, 0), 'first of Sunday'],
      [new Date(2026, 10, 29, 12, 0), 'noon'],
    ),
  );

  expect(read('file.log.2026-11-28')).toBe('last of Saturday\n');
  expect(read('file.log')).toBe('first of Sunday\nnoon\n');
});

test('as many old files stay as are wanted', async () => {
  const sink = await opened({ backupCount: 2 });

  for (let day = 1; day <= 6; day += 1) await sink.write(records([new Date(2026, 10, day, 12), `day ${day}`]));

  expect(logs().toSorted()).toEqual(['file.log', 'file.log.2026-11-04', 'file.log.2026-11-05']);
  expect(read('file.log')).toBe('day 6\n');
});

test('what a former process has written yesterday is put away at the first record of today', async () => {
  writeFileSync(join(folder, 'file.log'), 'yesterday\n');
  const yesterday = new Date(2026, 10, 28, 18);
  utimesSync(join(folder, 'file.log'), yesterday, yesterday);
  const sink = await opened();

  await sink.write(records([new Date(2026, 10, 29, 9), 'today']));

  expect([read('file.log.2026-11-28'), read('file.log')]).toEqual(['yesterday\n', 'today\n']);
});

test('the name holds function and instance where it says so', async () => {
  const sink = await opened({ filename: join(folder, '<function>-<instance>.log') });
  await sink.write(records([new Date(), 'x']));
  expect(read('jobs-pod-1.log')).toBe('x\n');
});

test('a second process does not write to the same file, and says what to do', async () => {
  await opened();

  const second = fileSink(
    { formatter: 'simple', level: 10, filename: join(folder, 'file.log'), when: 'midnight', backupCount: 7 },
    { ...WRITER, function: 'status', instance: 'pod-2', pid: 1 },
  );

  await expect(second.ready()).rejects.toThrow(
    `${join(folder, 'file.log')} is written by jobs of pod-1, process ${process.pid}: put <function> and <instance> into filename`,
  );
  await second.close();
  expect(existsSync(join(folder, 'file.log.lock'))).toBe(true);
});

test('what a killed process left behind is taken over: at once on the same machine, elsewhere after a while', async () => {
  const lock = join(folder, 'file.log.lock');
  writeFileSync(lock, JSON.stringify({ function: 'jobs', instance: 'pod-1', pid: 2 ** 22 + 1 }));
  const [sink] = [await opened()];
  await sink.close();
  open = [];
  writeFileSync(lock, JSON.stringify({ function: 'jobs', instance: 'pod-0', pid: 1 }));
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(lock, longAgo, longAgo);

  await opened();

  expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({ instance: 'pod-1' });
});

test('a file that cannot be is refused with the reason', async () => {
  writeFileSync(join(folder, 'plain'), '');
  await expect(opened({ filename: join(folder, 'plain', 'file.log') })).rejects.toThrow(/ENOTDIR/);
});
