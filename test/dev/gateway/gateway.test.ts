import { connect, type Socket } from 'node:net';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { AppError } from '../../../lib/errors';
import { startGateway, type Gateway, type GatewayOptions } from '../../../dev/gateway/gateway';
import { program } from './echoFunction';

let gateway: Gateway;
const reported: string[] = [];

async function start(options: Partial<GatewayOptions> = {}) {
  reported.length = 0;
  gateway = await startGateway({
    port: 0,
    functions: { services: { command: program() } },
    environment: { LOG_LEVEL: 'info' },
    idleMs: 60_000,
    readyTimeoutMs: 10_000,
    remember: () => ({ forget: () => undefined }),
    openOutput: () => 'inherit',
    findService: () => {
      throw new AppError('not_found', 404, 'no such service');
    },
    report: (message) => void reported.push(message),
    ...options,
  });
  return gateway;
}

const fetchJson = async (path: string, init?: RequestInit) => {
  const response = await fetch(`http://127.0.0.1:${gateway.port}${path}`, { redirect: 'manual', ...init });
  const body = await response.text();
  return { status: response.status, headers: response.headers, body: body && (JSON.parse(body) as Echo) };
};
type Echo = { pid: number; url: string; headers: Record<string, string>; scheduled: Record<string, string>[] };
const echo = async (path: string) => (await fetchJson(path)).body as Echo;

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function until(condition: () => boolean | Promise<boolean>) {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

afterEach(() => gateway.stop());

test('the first request starts the function, the next uses the same process, stopping ends it', async () => {
  await start();
  const [first, second] = await Promise.all([echo('/api/services/'), echo('/function/services/x?y=1')]);
  expect(first.pid).toBe(second.pid);
  expect(first.url).toBe('/api/services/');
  expect(second.url).toBe('/x?y=1');
  expect(reported).toEqual([expect.stringMatching(/^services is ready after \d+ ms$/)]);
  await gateway.stop();
  expect(isAlive(first.pid)).toBe(false);
});

test('a function sees who asked and through what', async () => {
  await start();
  const { headers } = await echo('/function/services/');
  expect(headers).not.toHaveProperty('x-forwarded-prefix');
  expect(headers).toMatchObject({
    host: `127.0.0.1:${gateway.port}`,
    'x-forwarded-for': expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    'x-forwarded-host': `127.0.0.1:${gateway.port}`,
    'x-call-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'x-start-time': expect.stringMatching(/^\d{19}$/),
  });
});

test('bodies stream both ways without waiting for their end', async () => {
  await start();
  const sending = request({ port: gateway.port, host: '127.0.0.1', path: '/function/services/echo', method: 'PUT' });
  sending.write('first');
  const answer = await new Promise<IncomingMessage>((resolve) => sending.on('response', resolve));
  const firstChunk = await new Promise<Buffer>((resolve) => answer.once('data', resolve));
  expect(String(firstChunk)).toBe('first');
  sending.end('second');
  expect(await text(answer)).toBe('second');
});

async function upgrade(path: string, host = `127.0.0.1:${gateway.port}`): Promise<Socket> {
  const socket = connect(gateway.port, '127.0.0.1');
  socket.setEncoding('utf8');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  return socket;
}

async function readUntil(socket: Socket, expected: string) {
  let seen = '';
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      seen += String(chunk);
      if (seen.includes(expected)) resolve();
    });
    socket.on('close', () => resolve());
  });
  return seen;
}

test('an upgraded connection is passed on both ways and keeps the function alive', async () => {
  await start({ idleMs: 1 });
  const socket = await upgrade('/function/services/ws');
  expect(await readUntil(socket, 'hello')).toMatch(/^HTTP\/1.1 101 Switching Protocols\r\n.*hello$/s);
  socket.write('ping');
  expect(await readUntil(socket, 'ping')).toBe('ping');
  expect(reported).toHaveLength(1);
  socket.destroy();
  await until(() => reported.length === 2);
  expect(reported[1]).toBe('services was idle for 0.001 s and is stopped');
});

test('an idle function is stopped, and started again by the next request', async () => {
  await start({ idleMs: 1 });
  const { pid } = await echo('/api/');
  await until(() => !isAlive(pid));
  expect((await echo('/api/')).pid).not.toBe(pid);
});

test('a crash costs the request that met it; the next starts the function again', async () => {
  await start();
  const { pid } = await echo('/api/');
  expect(await fetchJson('/function/services/crash')).toMatchObject({ status: 502 });
  await until(() => reported.length === 2);
  expect(reported[1]).toBe('services ended by itself (exit code 3); the next request starts it again');
  expect((await echo('/api/')).pid).not.toBe(pid);
});

test('a function that does not start is explained', async () => {
  await start({ functions: { services: { command: [process.execPath, '-e', 'process.exit(7)'] } } });
  expect(await fetchJson('/api/')).toMatchObject({
    status: 502,
    body: { detail: 'The function services did not start: it ended before it was ready (exit code 7).' },
  });
});

test('a program that does not exist is explained', async () => {
  await start({ functions: { services: { command: ['/does/not/exist'] } } });
  expect(await fetchJson('/api/')).toMatchObject({
    status: 502,
    body: { detail: expect.stringContaining('/does/not/exist ENOENT') },
  });
});

test('a function that is never ready is given up and ended', async () => {
  const command = [process.execPath, '-e', 'setInterval(() => {}, 1000)'] as const;
  await start({ functions: { services: { command } }, readyTimeoutMs: 100 });
  expect(await fetchJson('/api/')).toMatchObject({
    status: 502,
    body: { detail: 'The function services did not start: it was not ready after 0.1 s.' },
  });
});

test('foreign Host and Origin headers are refused on everything, upgrades included', async () => {
  await start();
  expect(await fetchJson('/api/', { headers: { origin: 'https://evil.example' } })).toMatchObject({ status: 403 });
  const socket = await upgrade('/function/services/ws', 'evil.example');
  expect(await readUntil(socket, 'never')).toMatch(/^HTTP\/1.1 403 /);
  expect(reported).toEqual([]);
});

test('unknown paths and functions are not found', async () => {
  await start();
  expect(await fetchJson('/nowhere')).toMatchObject({
    status: 404,
    body: { detail: 'No function has the path /nowhere.' },
  });
  expect(await fetchJson('/jobs')).toMatchObject({ status: 404, body: { detail: 'There is no function jobs.' } });
});

test('the page of a service is reached under its namespace and name', async () => {
  const functions = await start();
  const findService = jest.fn(() => ({ host: '127.0.0.1', port: functions.port }));
  await start({ findService });
  expect(await fetchJson('/services/default/svc-a')).toMatchObject({ status: 308 });
  await fetchJson('/services/default/svc-a:81/function/services/x');
  expect(findService.mock.calls).toEqual([
    [expect.objectContaining({ namespace: 'default', name: 'svc-a', port: 81 })],
  ]);
  await functions.stop();
});

test('a service that cannot be reached is explained', async () => {
  await start();
  expect(await fetchJson('/services/default/svc-a/')).toMatchObject({
    status: 404,
    body: { detail: 'no such service' },
  });
});

test('a function with a schedule is called with an empty body, as the cron-connector does', async () => {
  await start({ functions: { services: { command: program(), everyMs: 5 } } });
  let calls: Echo['scheduled'] = [];
  await until(async () => (calls = (await echo('/api/')).scheduled).length > 1);
  expect(calls[0]).toMatchObject({
    'x-topic': 'cron-function',
    'x-connector': 'cron-connector',
    'content-length': '0',
  });
});

test('a port that is taken is an error', async () => {
  const { port, stop } = await start();
  await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await stop();
});
