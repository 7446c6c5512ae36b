// The way of records to a handler: in batches, bounded, the oldest dropped and counted, and sent again to another worker.
import { createChannel, type Channel } from '../../../lib/logHandlers/channel';
import type { Batch } from '../../../lib/logHandlers/messages';
import { textsOf } from '../../support/logBatch';

interface Opened {
  readonly channel: Channel;
  readonly sent: Batch[];
  readonly push: (...texts: string[]) => void;
}

function open(bounds: Partial<Parameters<typeof createChannel>[0]['bounds']> = {}): Opened {
  const sent: Batch[] = [];
  const channel = createChannel({
    bounds: { records: 4, bytes: 1_000, batch: 2, window: 1, ...bounds },
    send: (batch) => sent.push(batch),
    soon: (flush) => queueMicrotask(flush),
  });
  const push = (...texts: string[]): void => texts.forEach((text) => channel.push(20, 1, text));
  return { channel, sent, push };
}

const settle = async (): Promise<void> => Promise.resolve();
const textsIn = (sent: readonly Batch[]): readonly (readonly string[])[] => sent.map(textsOf);

test('what comes at once is one batch, and the next follows when that is done', async () => {
  const { channel, sent, push } = open();
  push('a', 'b', 'c');
  await settle();
  expect(textsIn(sent)).toEqual([['a', 'b']]);

  channel.done(sent[0]!.id, 0);
  await settle();

  expect(textsIn(sent)).toEqual([['a', 'b'], ['c']]);
  channel.done(sent[1]!.id, 0);
  expect([channel.isIdle(), channel.counts()]).toEqual([true, { taken: 3, dropped: 0 }]);
});

test('nobody takes anything: the newest are kept, the others counted', async () => {
  const { channel, sent, push } = open();
  push('a', 'b');
  await settle();
  push(...Array.from({ length: 10_000 }, (_, index) => `n${index}`));
  await settle();

  expect(textsIn(sent)).toEqual([['a', 'b']]);
  expect(channel.counts()).toEqual({ taken: 10_002, dropped: 9_996 });
  channel.done(sent[0]!.id, 0);
  await settle();
  expect(textsOf(sent[1]!)).toEqual(['n9996', 'n9997']);
});

test('what the worker had lost is counted, and what it had when it died is sent again', async () => {
  const { channel, sent, push } = open();
  push('a');
  await settle();

  channel.restart();
  channel.done(sent[0]!.id, 1);

  expect(sent[1]).toEqual(sent[0]);
  expect([channel.counts().dropped, channel.isIdle()]).toEqual([1, true]);
});

test('two channels never share an id', async () => {
  const [one, other] = [open(), open()];
  one.push('a');
  other.push('b');
  await settle();

  other.channel.done(one.sent[0]!.id, 0);

  expect(other.channel.isIdle()).toBe(false);
});
