// The program of timers and of `helm test`, as a pod runs it: what it sends, and what its exit code tells.
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly connector: unknown;
  readonly bytes: number;
}

let server: Server;
let origin: string;
let statuses: number[];
let asked: Asked[];

beforeEach(async () => {
  [statuses, asked] = [[], []];
  server = createServer((request, response) => {
    let bytes = 0;
    request.on('data', (piece: Buffer) => (bytes += piece.length));
    request.on('end', () => {
      const { method, url, headers } = request;
      asked.push({ method, url, connector: headers['x-connector'], bytes });
      response.writeHead(statuses.shift() ?? 204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

async function ask(...args: readonly string[]): Promise<{ code: number; output: string; errors: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['images/ask.cjs', ...args], (_, output, errors) =>
      resolve({ code: child.exitCode ?? -1, output, errors }),
    );
  });
}

it('rings as a timer does: an empty body, and who asks', async () => {
  expect(await ask('sweep', origin)).toEqual({ code: 0, output: '', errors: '' });
  expect(asked).toEqual([{ method: 'POST', url: '/', connector: 'cron-connector', bytes: 0 }]);
});

it('a sweep that fails is a failure', async () => {
  statuses = [500];
  expect(await ask('sweep', origin)).toMatchObject({
    code: 1,
    errors: expect.stringContaining('answered 500') as string,
  });
});

it('a function that is not there is a failure', async () => {
  const { code, errors } = await ask('sweep', 'http://127.0.0.1:9');
  expect([code, errors]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
});

it('waits until all are ready', async () => {
  statuses = [503, 200, 200];
  const { code, output } = await ask('health', origin, `${origin}/function/other`);

  expect(code).toBe(0);
  expect(output.trim().split('\n').toSorted()).toEqual([`${origin} is ready`, `${origin}/function/other is ready`]);
  expect(new Set(asked.map(({ url }) => url))).toEqual(
    new Set(['/health/readiness', '/function/other/health/readiness']),
  );
});

it.each([[[]], [['sweep']], [['dance', 'http://127.0.0.1']]])('tells how it is used: %j', async (args) => {
  expect(await ask(...args)).toMatchObject({ code: 1, errors: expect.stringContaining('usage: ask.cjs') as string });
});
