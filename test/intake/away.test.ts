// Who is needed does not answer, or answers late: messages wait and are not blamed; a late worker ends nothing that another has.
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openQueue, type Queue } from '../../functions/intake/queue/queue';
import { openRedis, type Redis } from '../../functions/intake/queue/redis';
import { eventually } from '../support/eventually';
import { INTAKE_USER, redisPassword } from '../support/intake/redisServer';
import { createIntake, untilGone, waiting, type Intake } from '../support/intake/intake';

jest.setTimeout(120_000);

let intake: Intake;
let redis: Redis;

beforeAll(async () => {
  intake = await createIntake({ intake: { atOnce: 4, leaseSeconds: 2, attempts: 2 } });
  const login = { username: INTAKE_USER, password: redisPassword(INTAKE_USER) };
  redis = await openRedis({ url: intake.redis.url, silenceMs: 60_000 }, { redis: () => Promise.resolve(login) });
});

afterAll(async () => {
  redis?.close();
  await intake?.close();
});

function queueOf(name: string, leaseMs: number): Queue {
  return openQueue({ redis, name, leaseMs, maxBytes: 1_000, clock: () => new Date() });
}

/** Answers every request with a status. */
async function answering(status: number): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(
    (request, response) => void request.resume().on('end', () => response.writeHead(status).end()),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it('a worker that comes late ends nothing', async () => {
  const queue = queueOf('late', 100);
  await intake.push('late', 'one');
  const first = await queue.take('');
  await sleep(150);
  const [id = ''] = await queue.taken();
  const second = await queue.retake(id);

  expect(second).toMatchObject({ id: first?.id, body: 'one', attempts: 2 });
  expect(await queue.done(first!, {})).toBe(false);
  expect(await queue.bury(first!, {})).toBe(false);
  expect(await queue.postpone(first!, { ms: 1, isCounted: true })).toBe(false);
  expect(await queue.done(second!, {})).toBe(true);
  expect(await queue.done(second!, {})).toBe(false);
  expect(await intake.items('late:done')).toHaveLength(1);
});

it('what somebody holds is not taken over, and by one alone afterwards', async () => {
  const queue = queueOf('held', 200);
  await intake.push('held', 'one');
  const { id = '' } = (await queue.take('')) ?? {};

  expect(await queue.retake(id)).toBeUndefined();
  await sleep(250);
  const taken = await Promise.all(Array.from({ length: 8 }, async () => queue.retake(id)));
  expect(taken.filter((message) => message !== undefined)).toHaveLength(1);
});

it.each([
  ['is away', 503],
  ['is not at its address', 404],
  ['is behind a gateway that does not let anybody through', 302],
])('while the jobs function %s messages wait, and it costs them no attempt', async (_what, status) => {
  const { url, server } = await answering(status);
  const test = `away-${status}`;
  const done = (await intake.items('work:done')).length;
  const instance = await intake.addIntake({ jobs: url });
  await intake.push('work', ...Array.from({ length: 20 }, () => waiting(test)));

  for (let times = 0; times < 4; times += 1) expect((await intake.drain(instance)).status).toBe(503);
  server.close();

  expect((await intake.items('work')).length).toBeGreaterThan(0);
  expect(await intake.dead('work')).toEqual([]);
  await eventually(async () => {
    await intake.drain();
    return (await intake.items('work:done')).length >= done + 20 || undefined;
  }, 60);
  const ends = (await intake.items('work:done')).slice(0, 20);
  expect(await intake.items('work:done')).toHaveLength(done + 20);
  expect(await intake.jobsWith(test)).toHaveLength(20);
  expect(ends.map((text) => (JSON.parse(text) as { attempts: number }).attempts)).toEqual(
    Array.from({ length: 20 }, () => 1),
  );
});

it('a cancellation waits while something else answers that there is no such thing', async () => {
  const { url, server } = await answering(404);
  const instance = await intake.addIntake({ jobs: url });
  await intake.push('work', waiting('cancelled'));
  await intake.drain();
  const ids = await intake.jobsWith('cancelled');
  await intake.push('cleanup', ...ids);

  expect((await intake.drain(instance)).status).toBe(503);
  server.close();

  expect(await intake.items('cleanup:done')).toEqual([]);
  await eventually(async () => {
    await intake.drain();
    return (await intake.items('cleanup:done')).length === 1 || undefined;
  }, 60);
  await untilGone(intake, ids);
});

it('what fails again and again is dead, with the number of attempts', async () => {
  const { url, server } = await answering(500);
  const instance = await intake.addIntake({ jobs: url });
  await intake.push('work', waiting('failing'));

  await eventually(async () => {
    await intake.drain(instance);
    return (await intake.dead('work')).length === 1 || undefined;
  }, 60);
  server.close();

  expect(await intake.dead('work')).toMatchObject([{ attempts: 2, reason: 'tried 2 times: 500: It gave no reason.' }]);
});
