import { tryEach } from '../../lib/tryEach';

test('every item is tried, a few at once, and failures are told with their item', async () => {
  let [running, most] = [0, 0];
  const done: number[] = [];
  const failures = await tryEach([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, (running += 1));
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (item % 3 === 0) throw new Error(`no ${item}`);
    done.push(item);
  });

  expect(done.toSorted((a, b) => a - b)).toEqual([1, 2, 4, 5, 7]);
  expect(failures.map(({ item, error }) => [item, (error as Error).message])).toEqual([
    [3, 'no 3'],
    [6, 'no 6'],
  ]);
  expect(most).toBe(3);
});

test('nothing to do is nothing wrong', async () => {
  expect(await tryEach([], 8, async () => undefined)).toEqual([]);
});
