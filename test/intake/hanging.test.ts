// The jobs function takes requests and does not answer, or answers late: Redis has nothing to say meanwhile, and is still there.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createIntake, waiting, type Intake } from '../support/intake/intake';

jest.setTimeout(120_000);

const LATE_MS = 17_000;

let intake: Intake;
let server: Server;

beforeAll(async () => {
  intake = await createIntake();
  server = createServer((request, response) => void answer(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
  await intake?.close();
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  if (body.includes('late')) setTimeout(() => response.writeHead(201).end('{}'), LATE_MS);
}

it('what is answered late is done, what is never answered waits, and it costs no attempt', async () => {
  const instance = await intake.addIntake({ jobs: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  await intake.push('work', waiting('late'), waiting('never'));

  const { status, headers } = await intake.drain(instance);

  expect([status, headers['retry-after']]).toEqual([503, '10']);
  expect((await intake.items('work:done')).map((each) => JSON.parse(each) as object)).toMatchObject([{ attempts: 1 }]);
  const [id = '', ...others] = await intake.items('work:processing');
  expect(others).toEqual([]);
  expect(await intake.redisUser.send('HGET', `work:message:${id}`, 'attempts')).toBe('0');
  expect(await intake.redisUser.send('PTTL', `work:lease:${id}`)).toBeLessThanOrEqual(10_000);
  expect(await intake.dead('work')).toEqual([]);
});
