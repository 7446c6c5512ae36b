import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { folderKeeper, removeFolder } from '../../../../functions/reaper/capture/folderKeeper';
import { recordKeeper } from '../../../../functions/reaper/capture/keeper';
import { readLog } from '../../../../functions/reaper/capture/readLog';

async function* chunks(...parts: readonly (Buffer | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield part;
  }
}

test('a record keeps the newest part of what is too much, and gives up whole logs that are oldest', async () => {
  const keeper = recordKeeper(250_000);
  const [first, second] = [randomBytes(50_000), randomBytes(400_000)];
  await readLog(chunks(first), async (segment) => keeper.add(0, segment));
  const parts = Array.from({ length: 40 }, (_, index) => second.subarray(index * 10_000, (index + 1) * 10_000));
  const read = await readLog(chunks(...parts), async (segment) => keeper.add(1, segment));

  expect(read.bytes).toBe(400_000);
  expect(keeper.kept(0)).toEqual({ keptBytes: 0 });
  const { keptBytes, key = '' } = keeper.kept(1);
  expect(keptBytes).toBeGreaterThan(150_000);
  expect(gunzipSync(Buffer.from(keeper.binaryData()[key] ?? '', 'base64'))).toEqual(second.subarray(-keptBytes));
});

test('into the smallest record goes what it can hold of a log that comes in large pieces', async () => {
  const limit = 64 * 1024;
  const log = randomBytes(300_000);
  const keeper = recordKeeper(limit);
  await readLog(chunks(log.subarray(0, 150_000), log.subarray(150_000)), async (segment) => keeper.add(0, segment));

  const { keptBytes, key = '' } = keeper.kept(0);
  expect(keptBytes).toBeGreaterThan(limit / 2);
  expect(gunzipSync(Buffer.from(keeper.binaryData()[key] ?? '', 'base64'))).toEqual(log.subarray(-keptBytes));
});

test('a log that breaks off tells what came before, and why', async () => {
  const error = new Error('reset');
  const read = await readLog(chunks(Buffer.from('begin\n'), error), async () => undefined);

  expect(read).toMatchObject({ bytes: 6, error });
});

test('a folder has whole logs under the name of the job, and nothing half done', async () => {
  const root = mkdtempSync(join(tmpdir(), 'reaper-folder-'));
  const keeper = folderKeeper(root, 'an-id');
  await keeper.add(0, Buffer.from('one\n'));
  await keeper.add(0, Buffer.from('two\n'));
  expect(readdirSync(join(root, 'an-id'))).toEqual([expect.stringMatching(/\.part$/)]);
  await keeper.close(0);
  const half = folderKeeper(root, 'an-id');
  await half.add(0, Buffer.from('half'));
  await half.discard();

  expect(keeper.kept(0)).toEqual({ keptBytes: 8, file: 'an-id/log-0.gz' });
  expect(readdirSync(join(root, 'an-id'))).toEqual(['log-0.gz']);
  expect(gunzipSync(readFileSync(join(root, 'an-id/log-0.gz'))).toString()).toBe('one\ntwo\n');
  await removeFolder(root, 'an-id');
  expect(readdirSync(root)).toEqual([]);
  rmSync(root, { recursive: true });
});

test.each(['..', '../x', 'a/b', ''])('no job is named %j', async (id) => {
  expect(() => folderKeeper('/tmp', id)).toThrow(/part of a path/);
});
