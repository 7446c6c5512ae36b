// From the beginning of a write until the watch has told of it, its names are not answered from memory.
import { createOwnWrites, type Trace } from '../../../../functions/services/cache/ownWrites';

const writesWith = (options: Partial<Parameters<typeof createOwnWrites>[0]> = {}) =>
  createOwnWrites({ boundMs: 60_000, patienceMs: () => 5_000, isSeen: () => false, ...options });
const stop = { result: 'stopped', traces: ['removed 1', 'removed 2'] as readonly Trace[] };

it('waits until every trace was told, whenever that is', async () => {
  const writes = writesWith();
  let finish: (() => void) | undefined;
  const work = new Promise<typeof stop>((resolve) => (finish = () => resolve(stop)));
  const done = writes.during(['name', 'all'], async () => work);
  expect([writes.isOpen('name'), writes.isOpen('all'), writes.isOpen('other')]).toEqual([true, true, false]);
  writes.tell('name', 'removed 1');
  finish?.();
  await new Promise(setImmediate);
  expect(writes.isOpen('name')).toBe(true);
  writes.tell('name', 'removed 2');
  await expect(done).resolves.toBe('stopped');
  expect(writes.isOpen('name')).toBe(false);
});

it('does not wait for what is seen already', async () => {
  const writes = writesWith({ isSeen: (trace) => trace === 'put 1' });
  await writes.during(['name'], async () => Promise.resolve({ result: 1, traces: ['put 1'] }));
  expect(writes.isOpen('name')).toBe(false);
});

it.each([0, 20])('answers after %i ms without a trace, and stays open until the bound', async (patienceMs) => {
  const writes = writesWith({ boundMs: 60, patienceMs: () => patienceMs });
  await expect(writes.during(['name'], async () => Promise.resolve(stop))).resolves.toBe('stopped');
  expect(writes.isOpen('name')).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(writes.isOpen('name')).toBe(false);
});

it('stays open after a write that failed: it may have taken effect', async () => {
  const writes = writesWith({ boundMs: 30 });
  await expect(writes.during(['name'], async () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  expect(writes.isOpen('name')).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(writes.isOpen('name')).toBe(false);
});

it('keeps two writes of one name apart', async () => {
  const writes = writesWith();
  const first = writes.during(['name'], async () => Promise.resolve({ result: 1, traces: ['put 1'] }));
  const second = writes.during(['name'], async () => Promise.resolve({ result: 2, traces: ['put 2'] }));
  await new Promise(setImmediate);
  writes.tell('name', 'put 1');
  await expect(first).resolves.toBe(1);
  expect(writes.isOpen('name')).toBe(true);
  writes.tell('name', 'put 2');
  await expect(second).resolves.toBe(2);
  expect(writes.isOpen('name')).toBe(false);
});
