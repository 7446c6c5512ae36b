// The gateway as impatient and as silent as OpenFaaS' own; without a limit it waits, and tells what broke off by breaking off.
import { startGateway, type Gateway } from '../../../dev/gateway/gateway';
import { program } from './echoFunction';

let gateway: Gateway;

async function start(patienceMs?: number): Promise<void> {
  gateway = await startGateway({
    port: 0,
    functions: { echo: { command: program(), environment: { OWN: 'yes' } } },
    environment: {},
    idleMs: 60_000,
    readyTimeoutMs: 10_000,
    ...(patienceMs !== undefined && { patienceMs }),
    remember: () => ({ forget: () => undefined }),
    openOutput: () => 'inherit',
    findService: () => {
      throw new Error('there is none');
    },
    report: () => undefined,
  });
}

afterEach(() => gateway.stop());

const get = async (path: string) => fetch(`http://127.0.0.1:${gateway.port}/function/echo${path}`);

test('what breaks off is told by breaking off', async () => {
  await start();
  await expect(get('/cut').then((answer) => answer.text())).rejects.toThrow('terminated');
});

test('what breaks off before the strict gateway ends like a whole answer', async () => {
  await start(5_000);
  const answer = await get('/cut');
  expect([answer.status, await answer.text()]).toEqual([200, 'first']);
});

test('unless its length was promised', async () => {
  await start(5_000);
  await expect(get('/cut/short').then((answer) => answer.text())).rejects.toThrow(/terminated|fetch failed/);
});

test('who does not answer at all is given up', async () => {
  await start(200);
  expect((await get('/silent')).status).toBe(502);
});
