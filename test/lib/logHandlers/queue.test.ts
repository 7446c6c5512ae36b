// Records in one block of memory: in order, whole, and never more than fit; the oldest give way and are counted.
import { createQueue } from '../../../lib/logHandlers/queue';
import { textsOf } from '../../support/logBatch';

test('what goes in comes out, with its level and time', () => {
  const queue = createQueue({ records: 4, bytes: 100 });
  queue.push(20, 1.5, 'é');
  queue.push(5, 2, '');

  const taken = queue.take(10);

  expect([textsOf(taken), [...taken.levels], [...taken.times]]).toEqual([
    ['é', ''],
    [20, 5],
    [1.5, 2],
  ]);
  expect(queue.length()).toBe(0);
});

test('more records than may be: the oldest are dropped', () => {
  const queue = createQueue({ records: 3, bytes: 1_000 });
  const dropped = ['a', 'b', 'c', 'd', 'e'].map((text) => queue.push(20, 1, text));

  expect(dropped).toEqual([0, 0, 0, 1, 1]);
  expect(textsOf(queue.take(2))).toEqual(['c', 'd']);
});

test('one that is long takes the place of several', () => {
  const queue = createQueue({ records: 100, bytes: 20 });
  for (const text of ['aaa', 'bbb', 'ccc', 'ddd', 'eee']) expect(queue.push(20, 1, text)).toBe(0);

  expect(queue.push(20, 1, 'x'.repeat(11))).toBe(3);
  expect(textsOf(queue.take(10))).toEqual(['ddd', 'eee', 'x'.repeat(11)]);
});

test('a very long one is cut', () => {
  const queue = createQueue({ records: 10, bytes: 100_000 });
  queue.push(20, 1, 'é'.repeat(50_000));
  expect(textsOf(queue.take(1))[0]).toMatch(/^é{16384}\.\.\.$/);
});

test('whatever comes and goes, what is left is the newest, in order and unharmed', () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const queue = createQueue({ records: 16, bytes: 256 });
  const expected: string[] = [];
  for (let number = 0; number < 20_000; number += 1) {
    const text = `${number}:${'y'.repeat(random(60))}`;
    expected.push(text);
    expected.splice(0, queue.push(20, number, text));
    const count = random(3) === 0 ? random(8) : 0;
    expect(textsOf(queue.take(count))).toEqual(expected.splice(0, count));
    expect(queue.length()).toBe(expected.length);
  }
});
