import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runDemo } from '../../dev/demo';
import { createWalkthrough } from '../../dev/walkthrough';

type Answer = readonly [status: number, body?: string];
let server: Server | undefined;
afterEach(() => server?.close());

/** Answers each path and method with the next of its answers, the last one again and again. */
async function demoAgainst(answers: Record<string, readonly Answer[]>, signal = new AbortController().signal) {
  const counts = new Map<string, number>();
  server = createServer((request, response) => {
    const key = `${request.method} ${request.url?.split('/')[1]}`;
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    const [status, body] = answers[key]?.[count] ?? answers[key]?.at(-1) ?? [500];
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let written = '';
  await runDemo({
    walkthrough: createWalkthrough({ base, password: 'p', namespace: 'default', startId: '1' }),
    progress: (_title, work) => work(),
    write: (text) => void (written += text),
    hasPages: true,
    signal,
  });
  return written;
}

const running: Answer = [200, JSON.stringify({ running: true, status: { phase: 'running' } })];
const good = {
  'POST api': [[201]],
  'GET api': [running, [404]],
  'GET services': [[200, '<h1>Hello</h1>']],
  'DELETE api': [[204]],
  'POST jobs': [[200]],
  'GET jobs': [[200, 'line 1\nline 2\n']],
} satisfies Record<string, Answer[]>;

test('shows the greeting of the page and the log of the job when all goes well', async () => {
  expect(await demoAgainst(good)).toBe('    Hello\n    line 1\n    line 2\n');
});

test('fails with what was answered', async () => {
  await expect(demoAgainst({ ...good, 'POST api': [[500, '{"error":"no"}']] })).rejects.toThrow(
    /^POST .*\/api\/services\/ answered 500 instead of 201: {"error":"no"}$/,
  );
});

test('fails with the reason when the service ends', async () => {
  const ended: Answer = [
    200,
    JSON.stringify({ running: false, status: { phase: 'failed', message: 'No such image.' } }),
  ];
  await expect(demoAgainst({ ...good, 'GET api': [ended] })).rejects.toThrow('the service ended: No such image.');
});

test('gives up when it is told to, with what the last poll said', async () => {
  const starting: Answer = [200, JSON.stringify({ running: true, status: { phase: 'starting', message: 'Pulling.' } })];
  const signal = AbortSignal.timeout(50);
  const polled = demoAgainst({ ...good, 'GET api': [starting] }, signal);
  await expect(polled).rejects.toThrow('the last poll said: Pulling.');
});
