import { rememberFor } from '../../lib/remember';

test('askers in a row and at the same time share one answer', async () => {
  let asked = 0;
  const ask = rememberFor(60_000, async () => (asked += 1));
  await expect(Promise.all([ask(), ask()])).resolves.toEqual([1, 1]);
  await expect(ask()).resolves.toBe(1);
});

test('an old answer is asked for again', async () => {
  let asked = 0;
  const ask = rememberFor(-1, async () => (asked += 1));
  await ask();
  await expect(ask()).resolves.toBe(2);
});

test('a failure is not remembered', async () => {
  let asked = 0;
  const ask = rememberFor(60_000, async () => {
    asked += 1;
    if (asked === 1) throw new Error('away');
    return asked;
  });
  await expect(ask()).rejects.toThrow('away');
  await expect(ask()).resolves.toBe(2);
});
