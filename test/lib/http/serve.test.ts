// A function as a process: how it starts, drains and dies. It is bundled as its image would be.
import { buildSync } from 'esbuild';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'serve-'));
const outfile = join(folder, 'index.js');
const SOURCE = `
  import { serve } from './lib/http/serve';
  import { createLog } from './lib/log';
  const route = (path, handle) => ({ method: 'GET', path, access: 'open', summary: path, handle });
  const later = (ms) => new Promise((done) => setTimeout(done, ms, { status: 200, body: { path: 'slow' } }));
  const listening = () => process._getActiveHandles().flatMap((handle) => (handle.listening ? [handle.address()] : []));
  void serve({
    name: 'trial',
    routes: [
      route('/', async () => ({ status: 200, body: {} })),
      route('/listening', async () => ({ status: 200, body: listening() })),
      route('/slow', () => later(300)),
      route('/stuck', () => later(60_000)),
      route('/crash', () => { setTimeout(() => { throw new Error('nobody caught this'); }); return later(60_000); }),
      route('/reject', () => { void Promise.reject(new Error('nobody awaited this')); return later(60_000); }),
    ],
    onEvent: async () => undefined,
    authenticate: async () => ({ name: 'x', groups: [], superuser: false }),
    config: { port: Number(process.env.PORT), host: '127.0.0.1', drainSeconds: 1, graceSeconds: Number(process.env.GRACE) },
    log: createLog({ level: 'info', name: 'trial' }),
  });
`;

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  readonly lines: readonly Record<string, unknown>[];
  readonly exit: Promise<number | null>;
}

const children: ChildProcess[] = [];
beforeAll(() => {
  const stdin = { contents: SOURCE, resolveDir: resolve(__dirname, '../../..'), loader: 'js' as const };
  const external = ['zod'];
  buildSync({
    stdin,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    keepNames: true,
    minifySyntax: true,
    external,
  });
});
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(env: Record<string, string> = {}): Promise<Running> {
  const child = spawn(process.execPath, [outfile], {
    env: { PORT: '0', GRACE: '0', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  const lines: Record<string, unknown>[] = [];
  const exit = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  await new Promise<void>((done) => {
    child.stdout.on('data', (data: Buffer) => {
      lines.push(
        ...data
          .toString()
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      );
      done();
    });
  });
  const port = (lines[0]?.address as AddressInfo | undefined)?.port ?? 0;
  return { child, port, lines, exit };
}

function get(port: number, path: string, agent?: Agent): Promise<{ status: number; connection: string | undefined }> {
  return new Promise((done, fail) => {
    const sent = request({ port, path, host: '127.0.0.1', agent: agent ?? false }, (reply) => {
      reply.resume().once('end', () => done({ status: reply.statusCode ?? 0, connection: reply.headers.connection }));
    });
    sent.once('error', fail).end();
  });
}

test('the bundled runtime takes events and counts them, and listens nowhere', async () => {
  const { child, port, exit } = await run();
  expect((await fetch(`http://127.0.0.1:${port}/`, { method: 'POST' })).status).toBe(204);
  const metrics = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(metrics.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(await metrics.text()).toMatch(/faas_invocations{.*} 1/);
  const sockets = (await fetch(`http://127.0.0.1:${port}/listening`)).json();
  expect(await sockets).toEqual([expect.objectContaining({ port })]);
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
});

test('SIGTERM lets a running request finish, accepts no new one, and exits 0', async () => {
  const { child, port, exit } = await run();
  const slow = get(port, '/slow');
  await get(port, '/');
  child.kill('SIGTERM');
  expect(await slow).toEqual({ status: 200, connection: 'close' });
  await expect(get(port, '/')).rejects.toThrow('ECONNREFUSED');
  expect(await exit).toBe(0);
});

test('during the grace period new requests are served, each on its last connection, and readiness says no', async () => {
  const { child, port, exit } = await run({ GRACE: '0.4' });
  child.kill('SIGTERM');
  const agent = new Agent({ keepAlive: true });
  let ready = await get(port, '/_/ready', agent);
  while (ready.status === 200) ready = await get(port, '/_/ready', agent);
  expect(ready).toEqual({ status: 503, connection: 'close' });
  expect((await get(port, '/health/liveness', agent)).status).toBe(200);
  expect((await get(port, '/', agent)).status).toBe(200);
  expect(await exit).toBe(0);
});

test('what does not finish in drainSeconds is left, with a line that says so', async () => {
  const { child, port, lines, exit } = await run();
  get(port, '/stuck').catch(() => undefined);
  await get(port, '/');
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  expect(lines).toContainEqual(expect.objectContaining({ level: 'warn', message: 'drained too late', unfinished: 1 }));
});

test('a second signal ends at once', async () => {
  const { child, port, exit } = await run();
  get(port, '/stuck').catch(() => undefined);
  await get(port, '/');
  child.kill('SIGTERM');
  await once(child.stdout!, 'data');
  child.kill('SIGINT');
  expect(await exit).toBe(1);
});

test.each([
  ['/crash', 'nobody caught this'],
  ['/reject', 'nobody awaited this'],
])('%s ends the process with one line and exit code 1', async (path, message) => {
  const { port, lines, exit } = await run();
  await expect(get(port, path)).rejects.toThrow('socket hang up');
  expect(await exit).toBe(1);
  expect(lines.filter(({ fatal }) => fatal === true)).toEqual([
    expect.objectContaining({
      level: 'error',
      message: 'uncaught error',
      error: expect.objectContaining({ message, stack: expect.any(String) }),
    }),
  ]);
});

test('a port in use is one line and exit code 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { lines, exit } = await run({ PORT: String((other.address() as AddressInfo).port) });
  expect(await exit).toBe(1);
  expect(lines).toEqual([
    expect.objectContaining({ message: 'cannot listen', error: expect.objectContaining({ code: 'EADDRINUSE' }) }),
  ]);
  other.close();
});
