import { createLatest } from '../../lib/latest';

/** Work that ends when it is told to. */
function tasks() {
  const ends: (() => void)[] = [];
  const work = (): Promise<void> => new Promise((resolve) => ends.push(resolve));
  return { ends, work };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('those who come while one runs share the next', async () => {
  const { ends, work } = tasks();
  const latest = createLatest();
  const first = latest('a', work);
  const others = [latest('a', work), latest('a', work), latest('a', work)];
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await first;
  await settled();
  expect(ends).toHaveLength(2);
  ends[1]?.();
  await Promise.all(others);
  expect(ends).toHaveLength(2);
});

test('one who comes while the shared one runs gets another, and other keys wait for nobody', async () => {
  const { ends, work } = tasks();
  const latest = createLatest();
  void latest('a', work);
  void latest('b', work);
  void latest('a', work);
  expect(ends).toHaveLength(2);
  ends[0]?.();
  await settled();
  const third = latest('a', work);
  expect(ends).toHaveLength(3);
  ends[2]?.();
  await settled();
  ends[3]?.();
  await third;
  void latest('a', work);
  expect(ends).toHaveLength(5);
});

const fail = (): Promise<void> => Promise.reject(new Error('no'));

test('a failure is told to those who shared it, and the next begins', async () => {
  const latest = createLatest();
  const both = [latest('a', fail), latest('a', fail)];
  expect(await Promise.allSettled(both)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  await settled();
  await expect(latest('a', async () => undefined)).resolves.toBeUndefined();
});
