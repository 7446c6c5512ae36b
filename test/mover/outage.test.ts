// An S3 server that goes away in the middle: noticed by what restic says, and by asking the server itself.
import { createOutage } from '../../mover/restic/outage';

const RETRY =
  'Save(<data/1d2f>) returned error, retrying after 552ms: dial tcp 127.0.0.1:9: connect: connection refused';

/** A server that answers as told; `asked` resolves when it was asked. */
function outageOf(silence: string | undefined, seconds = 0) {
  let [count, told] = [0, 0];
  const outage = createOutage({
    silence: async () => {
      count += 1;
      return Promise.resolve(silence);
    },
    seconds,
    onAway: () => void (told += 1),
    now: () => 0,
  });
  return { outage, asked: () => count, told: () => told };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

it('nobody is asked before restic has to repeat something', () => {
  const { outage, asked } = outageOf('connection refused');
  outage.hear('created new cache in /cache\n{"message_type":"status"}\n');
  expect([outage.isAway(), asked(), outage.signal.aborted]).toEqual([false, 0, false]);
});

it('a server that answers after all is not away', async () => {
  const { outage, asked } = outageOf(undefined);
  outage.hear(RETRY);
  expect(outage.isAway()).toBe(true);
  await settled();
  expect([outage.isAway(), asked(), outage.signal.aborted]).toEqual([false, 1, false]);
});

it('one that has been silent for too long ends it, with the reason', async () => {
  const { outage, told } = outageOf('connect ECONNREFUSED');
  outage.hear(RETRY);
  outage.hear(RETRY);
  await settled();
  expect(told()).toBe(1);
  expect(outage.signal.reason).toMatchObject({
    reason: 'RepositoryUnreachable',
    message: expect.stringMatching(
      /^The S3 server has not answered for 0 s \(connect ECONNREFUSED\): repeat/,
    ) as string,
  });
});

it('nothing is ended when nobody needs the server any more', async () => {
  const { outage } = outageOf('connect ECONNREFUSED');
  outage.hear(RETRY);
  outage.rest();
  await settled();
  expect([outage.isAway(), outage.signal.aborted]).toEqual([false, false]);
});
