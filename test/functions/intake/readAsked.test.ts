import type { Channel } from '../../../functions/intake/configFile';
import { readAskedOf } from '../../../functions/intake/readAsked';

const SIGNED = { signed: 'a.b.c' };
const read = async (identity: Channel['identity'], key?: string) =>
  readAskedOf({ key: () => Promise.resolve(key) }, SIGNED, {
    channelName: 'work',
    channel: { identity },
    at: new Date('2026-11-29T12:00:00Z'),
  });

test.each(['channel', 'list', 'trusted'] as const)(
  'on a channel of kind %s without a key a signature is for nothing',
  async (identity) => {
    await expect(read(identity)).rejects.toMatchObject({ code: 'unproven', status: 400 });
  },
);

test('a signed channel without a key is the operator’s fault', async () => {
  await expect(read('signed')).rejects.toThrow(/^the Secret of intake has no key\.work$/);
});

test('a key is used on every channel that has one', async () => {
  await expect(read('channel', 'x'.repeat(32))).rejects.toThrow('It is not signed as it has to be.');
});
