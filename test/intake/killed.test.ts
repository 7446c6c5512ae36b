// Nothing is lost and nothing is done twice: the function is killed around each message that it sends, Redis in the middle of work.
import { eventually } from '../support/eventually';
import { createIntake, waiting, type Intake } from '../support/intake/intake';
import { openTap } from '../support/intake/tap';

jest.setTimeout(300_000);

const MOST = 60;

let intake: Intake;

beforeAll(async () => {
  intake = await createIntake({ intake: { atOnce: 1, leaseSeconds: 1 } });
});

afterAll(async () => intake?.close());

/** By the instance that nobody kills, until nothing is left; sweeps alone. */
async function drained(queue: string): Promise<void> {
  await eventually(async () => {
    await intake.drain();
    const left = [...(await intake.items(queue)), ...(await intake.items(`${queue}:processing`))];
    return left.length === 0 ? true : undefined;
  }, 60);
}

/** Kills an instance around the nth thing that it says to Redis or to the jobs function; false when it said less. */
async function killedAt(at: number, isAfter: boolean): Promise<boolean> {
  const { redis, instance: jobs } = intake;
  let isKilled = false;
  const strike = { at, isAfter, count: 0, strike: (): void => void (isKilled = true) };
  const before = await openTap(redis.port, strike);
  const behind = await openTap(Number(new URL(jobs.url).port), strike);
  const victim = await intake.addIntake({ redis: before.port, jobs: `http://127.0.0.1:${behind.port}` });
  strike.strike = () => {
    isKilled = true;
    victim.kill('SIGKILL');
  };
  await intake.drain(victim).catch((error: unknown) => {
    if (!isKilled) throw error;
  });
  await victim.stop();
  await Promise.all([before.close(), behind.close()]);
  return isKilled;
}

describe.each([
  ['before it arrives', false],
  ['after it has been done', true],
])('killed at each thing it sends, %s', (_when, isAfter) => {
  it('each message is one job, and none is left', async () => {
    let kills = 0;
    for (let at = 1; at <= MOST && kills === at - 1; at += 1) {
      const test = `killed-${isAfter}-${at}`;
      await intake.push(
        'work',
        waiting(test),
        waiting(test),
        { id: test, ...waiting(test) },
        { request: { retries: 99 } },
      );
      const [dead, done] = [await intake.items('work:dead'), await intake.items('work:done')];

      if (await killedAt(at, isAfter)) kills += 1;
      await drained('work');

      expect(await intake.jobsWith(test)).toHaveLength(3);
      expect(await intake.items('work:dead')).toHaveLength(dead.length + 1);
      expect(await intake.items('work:done')).toHaveLength(done.length + 3);
      expect((await intake.redisUser.send('KEYS', 'work:*')) as string[]).toHaveLength(2);
    }
    // Logging in, what was taken; of each message taking, handing on, ending; and that there is no more.
    expect(kills).toBeGreaterThanOrEqual(14);
  });
});

it('Redis is killed in the middle and started again: what was answered has been kept', async () => {
  const messages = Array.from({ length: 150 }, () => waiting('redis'));
  await intake.push('work', ...messages);
  const draining = intake.drain();
  await eventually(async () => ((await intake.jobsWith('redis')).length >= 20 ? true : undefined));

  await intake.redis.kill();
  expect((await draining).status).toBe(503);
  expect((await intake.drain()).status).toBe(503);
  await intake.redis.start();
  const user = await intake.redis.as();
  await eventually(async () => {
    await intake.drain();
    const left = await Promise.all([user.send('LLEN', 'work'), user.send('LLEN', 'work:processing')]);
    return left.every((length) => length === 0) || undefined;
  }, 60);

  expect(await intake.jobsWith('redis')).toHaveLength(150);
  expect(await user.send('LLEN', 'work:processing')).toBe(0);
  user.close();
});
