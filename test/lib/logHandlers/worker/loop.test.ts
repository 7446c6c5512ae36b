// A handler at work: batches in order, trouble told, tried again, and given up after a while without holding up the rest.
import type { Batch } from '../../../../lib/logHandlers/messages';
import { batchOf, textsOf } from '../../../support/logBatch';
import { startLoop, type Loop } from '../../../../lib/logHandlers/worker/loop';

const PAUSES = { firstMs: 1, longestMs: 2 };

interface Working {
  readonly loop: Loop;
  readonly events: string[];
  readonly until: (event: string) => Promise<void>;
}

/** `plan` says what each opening and each write does; what is not planned goes well. */
function work(plan: { readonly ready?: string[]; readonly write?: string[] }): Working {
  const events: string[] = [];
  const listeners: (() => void)[] = [];
  const tell = (event: string): void => {
    events.push(event);
    for (const listener of listeners) listener();
  };
  const loop = startLoop({
    pauses: PAUSES,
    open: () => ({
      ready: async () => fail(plan.ready),
      write: async (written) => {
        fail(plan.write);
        tell(`wrote ${textsOf(written).join()}`);
      },
      close: async () => tell('closed'),
    }),
    report: (reason) => tell(reason === undefined ? 'works' : `trouble ${reason}`),
    done: (id, lost) => tell(`done ${id} lost ${lost}`),
  });
  const until = async (event: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => void (events.includes(event) && resolve());
      listeners.push(look);
      look();
    });
  return { loop, events, until };
}

function batch(id: number, ...texts: string[]): Batch {
  return batchOf(id, ...texts.map((text) => ({ text })));
}

test('batches are written one after the other', async () => {
  const { loop, events, until } = work({});
  loop.add(batch(1, 'a', 'b'));
  loop.add(batch(2, 'c'));
  await until('done 2 lost 0');
  await loop.close();

  expect(events).toEqual(['wrote a,b', 'done 1 lost 0', 'wrote c', 'done 2 lost 0', 'closed']);
});

test('what cannot be opened is told, tried again, and told to work', async () => {
  const { loop, events, until } = work({ ready: ['refused', 'refused'] });
  await until('works');
  await loop.close();

  expect(events.filter((event) => event !== 'closed')).toEqual(['trouble refused', 'trouble refused', 'works']);
});

test('a batch that failed is written again, by a sink that was opened anew', async () => {
  const { loop, events, until } = work({ write: ['reset'] });
  loop.add(batch(1, 'a'));
  await until('done 1 lost 0');

  expect(events).toEqual(['trouble reset', 'closed', 'wrote a', 'works', 'done 1 lost 0'].toSorted(byFirst(events)));
  await loop.close();
});

test('a batch that nobody takes is lost after five times, and the next one has its turn', async () => {
  const { loop, events, until } = work({ write: ['no', 'no', 'no', 'no', 'no'] });
  loop.add(batch(1, 'a', 'b'));
  loop.add(batch(2, 'c'));
  await until('done 2 lost 0');
  await loop.close();

  expect(events).toContain('done 1 lost 2');
  expect(events).not.toContain('wrote a,b');
});

test('one that can be opened but takes nothing is not told to work when a batch is given up', async () => {
  const { loop, events, until } = work({ write: Array.from({ length: 7 }, () => 'stuck') });
  loop.add(batch(1, 'a'));
  loop.add(batch(2, 'b'));
  await until('done 2 lost 0');
  await loop.close();

  expect(events).toContain('done 1 lost 1');
  expect(events.filter((event) => event === 'works')).toHaveLength(1);
  expect(events.indexOf('works')).toBeGreaterThan(events.lastIndexOf('trouble stuck'));
});

test('an end lets what works finish, and does not wait for what fails', async () => {
  const well = work({});
  well.loop.add(batch(1, 'a'));
  await well.loop.close();
  const ill = work({ ready: Array.from({ length: 1_000 }, () => 'refused') });
  ill.loop.add(batch(2, 'b'));
  await ill.until('trouble refused');
  await ill.loop.close();

  expect(well.events).toContain('done 1 lost 0');
  expect(ill.events.at(-1)).toBe('done 2 lost 1');
});

/** Closing happens before or after the report. */
function byFirst(events: readonly string[]): (one: string, other: string) => number {
  return (one, other) => events.indexOf(one) - events.indexOf(other);
}

function fail(reasons: string[] = []): void {
  const reason = reasons.shift();
  if (reason) throw new Error(reason);
}
