// The front on real sockets: order of refusals, formats, bodies, streams, deadlines.
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../lib/errors';
import type { Request, Response } from '../../../lib/http/message';
import type { Route } from '../../../lib/http/route';
import { listen, type Answer, type Listening } from './listening';

const LIMIT = 1024 * 1024;
const STAFF = { group: 'staff' };
let aborted: AbortSignal | undefined;
let source: Readable | undefined;

const echo = async ({ path, suffixed, params, body, caller }: Request): Promise<Response> => {
  return { status: 200, body: { path, suffixed, params: { ...params }, body, caller: caller?.name } };
};

const wait = ({ signal }: Request): Promise<Response> => {
  aborted = signal;
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
};

const endless = async ({ signal }: Request): Promise<Response> => {
  aborted = signal;
  source = new Readable({ read: () => source?.push(Buffer.alloc(65_536)) });
  return { status: 200, body: source };
};

async function* failing(): AsyncGenerator<string> {
  yield 'first';
  throw new Error('upstream reset');
}

const broken = async (): Promise<Response> => ({ status: 200, body: Readable.from(failing()) });

const row = (method: Route['method'], path: string, handle: Route['handle']): Route => {
  return { method, path, access: 'open', summary: path, handle };
};

const routes: readonly Route[] = [
  { ...row('GET', '/api/things', echo), access: STAFF, summary: 'Things' },
  { ...row('POST', '/api/things', echo), access: STAFF, body: 'json' },
  { ...row('GET', '/api/things/:name', echo), access: STAFF },
  { ...row('DELETE', '/api/things/:name', async () => ({ status: 204 })), access: STAFF },
  row('POST', '/ignored', echo),
  row('GET', '/html', async () => ({ status: 200, body: { evil: '<script>' } })),
  row('GET', '/wait', wait),
  row('GET', '/stubborn', () => new Promise(() => undefined)),
  row('GET', '/bug', () => Promise.reject(new Error('/home/secret'))),
  row('GET', '/later', () => Promise.reject(new AppError('later', 503, 'x', { retryAfterSeconds: 7 }))),
  row('GET', '/circular', async () => ({ status: 200, body: { n: 1n } })),
  { ...row('GET', '/endless', endless), produces: 'text/plain' },
  { ...row('GET', '/broken', broken), produces: 'text/plain' },
];

let front: Listening;
beforeAll(async () => {
  front = await listen({ routes, config: { requestTimeoutSeconds: 0.3 }, ready: () => 'cache is cold' });
});
afterAll(() => front.close());

test.each([
  ['GET', '/nowhere', {}, 404, expect.stringContaining('<h1>Not Found</h1>')],
  ['GET', '/api/things.xml', {}, 404, '{"detail":"Not found."}'],
  ['GET', '/api/things', { accept: 'image/png' }, 406, '{"detail":"Could not satisfy the request Accept header."}'],
  ['PUT', '/api/things', {}, 401, '{"detail":"Authentication credentials were not provided."}'],
  [
    'PUT',
    '/api/things',
    { authorization: 'stranger' },
    403,
    '{"detail":"You do not have permission to perform this action."}',
  ],
  ['PUT', '/api/things', { authorization: 'admin' }, 405, '{"detail":"Method \\"PUT\\" not allowed."}'],
  [
    'GET',
    '/bug',
    {},
    500,
    expect.stringMatching(/^{"error":"Unexpected Error","detailed_error":"Internal error. Request id: \w+"}$/),
  ],
  ['GET', '/circular', {}, 500, expect.stringContaining('Unexpected Error')],
])('%s %s with %j is answered %i', async (...[method, path, headers, status, text]) => {
  const answer = await front.call(path, { method, headers });
  expect([answer.status, answer.text]).toEqual([status, text]);
});

test('a 401 asks for Basic, and every answer of a resource tells its methods', async () => {
  const { headers } = await front.call('/api/things');
  expect(headers.get('www-authenticate')).toBe('Basic realm="api"');
  expect(headers.get('allow')).toBe('GET, POST, HEAD, OPTIONS');
});

test('paths work with slash, suffix and gateway prefix', async () => {
  const paths = ['/api/things/', '/api/things.json', '/function/trial/api/things?format=json'];
  const answers = await Promise.all(paths.map((path) => front.call(path, { login: 'member' })));
  expect(answers.map(({ text }) => JSON.parse(text))).toEqual(
    [false, true, false].map((suffixed) => ({ path: '/api/things', suffixed, params: {}, caller: 'member' })),
  );
});

test('204 has neither body nor content type', async () => {
  const { status, headers, text } = await front.call('/api/things/x', { method: 'DELETE', login: 'member' });
  expect([status, headers.get('content-type'), headers.get('content-length'), text]).toEqual([204, null, null, '']);
});

test('HEAD is GET without a body, OPTIONS describes', async () => {
  const head = await front.call('/api/things', { method: 'HEAD', login: 'member' });
  expect([head.status, head.text, Number(head.headers.get('content-length')) > 0]).toEqual([200, '', true]);
  const options = await front.call('/api/things', { method: 'OPTIONS', login: 'member' });
  expect(JSON.parse(options.text)).toMatchObject({
    name: 'trial',
    description: 'Things',
    renders: ['application/json', 'text/html'],
  });
});

test('a browser gets the same answer as an escaped page', async () => {
  const { headers, text } = await front.call('/html', { headers: { accept: 'text/html,*/*;q=0.8' } });
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(text).toContain('HTTP 200 OK');
  expect(text).toContain('&lt;script&gt;');
});

const post = (path: string, contentType: string, body: string): Promise<Answer> => {
  return front.call(path, { method: 'POST', login: 'member', headers: { 'content-type': contentType }, body });
};

test('JSON and form bodies are parsed, an ignored one is not looked at', async () => {
  expect(JSON.parse((await post('/api/things', 'application/json', '{"a":1}')).text)).toMatchObject({ body: { a: 1 } });
  expect(JSON.parse((await post('/api/things', 'application/x-www-form-urlencoded', 'a=1')).text)).toMatchObject({
    body: { a: '1' },
  });
  expect((await post('/api/things', 'text/csv', 'a')).status).toBe(415);
  expect((await post('/ignored', 'text/csv', 'a')).status).toBe(200);
});

const head = (path: string, ...headers: string[]) =>
  [`POST ${path} HTTP/1.1`, 'host: x', ...headers, '', ''].join('\r\n');
const TOO_LARGE = `{"detail":"Request body exceeds the limit of ${LIMIT} bytes."}`;

test.each(['application/json', 'application/x-www-form-urlencoded', 'text/plain'])(
  '%s is held to the limit',
  async (type) => {
    const exact = await front.call('/ignored', {
      method: 'POST',
      headers: { 'content-type': type },
      body: 'x'.repeat(LIMIT),
    });
    expect(exact.status).toBe(200);
    const more = await front.raw(
      head('/ignored', `content-type: ${type}`, `content-length: ${LIMIT + 1}`),
      Buffer.alloc(LIMIT + 1),
    );
    expect(more).toMatch(/^HTTP\/1.1 413 /);
    expect(more).toContain(TOO_LARGE);
    expect(more).toMatch(/connection: close/i);
  },
);

test('a chunked body is cut at the limit, and a client that sends on still reads why', async () => {
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536), Buffer.from('\r\n')]);
  const chunks = Array.from({ length: 128 }, () => chunk);
  const received = await front.raw(head('/ignored', 'transfer-encoding: chunked'), ...chunks, '0\r\n\r\n');
  expect(received).toMatch(/^HTTP\/1.1 413 /);
  expect(received).toContain(TOO_LARGE);
});

test('a refusal before the body is answered while the client sends, too', async () => {
  const received = await front.raw(head('/api/things', `content-length: ${4 * LIMIT}`), Buffer.alloc(4 * LIMIT));
  expect(received).toMatch(/^HTTP\/1.1 401 /);
});

test('a body that does not arrive in time is a 408', async () => {
  expect(await front.raw(head('/ignored', 'content-length: 5', 'connection: close'), 'ab')).toMatch(/^HTTP\/1.1 408 /);
});

test('past the deadline the signal aborts, and the front answers for a handler that does not', async () => {
  expect((await front.call('/wait')).status).toBe(504);
  expect(aborted?.aborted).toBe(true);
  const stubborn = await front.call('/stubborn');
  expect([stubborn.status, stubborn.text]).toEqual([504, '{"detail":"The request was not answered in time."}']);
});

test('when the client goes, the signal aborts and the stream is destroyed', async () => {
  const socket = connect(front.port, '127.0.0.1');
  socket.write('GET /endless HTTP/1.1\r\nhost: x\r\n\r\n');
  await new Promise((resolve) => socket.once('data', resolve));
  socket.pause();
  await sleep(50);
  expect(source?.destroyed).toBe(false);
  socket.destroy();
  await new Promise((resolve) => source?.once('close', resolve));
  expect(front.lines.filter(({ level }) => level === 'error')).not.toContainEqual(
    expect.objectContaining({ path: '/endless' }),
  );
});

test('after HEAD the signal aborts: nobody reads what was opened for the body', async () => {
  const { status } = await front.call('/endless', { method: 'HEAD' });
  await sleep(50);

  expect([status, aborted?.aborted, source?.destroyed]).toEqual([200, true, true]);
});

test('a stream that fails half-way ends the connection and is logged once', async () => {
  const received = await front.raw('GET /broken HTTP/1.1\r\nhost: x\r\n\r\n');
  expect(received).toContain('first');
  expect(received).not.toContain('\r\n0\r\n');
  const told = front.lines.filter(({ error }) => (error as Error | undefined)?.message === 'upstream reset');
  expect(told).toHaveLength(1);
});

test('a sane request id is kept, any other is replaced, and it is in each log line', async () => {
  const kept = await front.call('/later', { headers: { 'x-request-id': 'hub-1.a' } });
  expect([kept.headers.get('x-request-id'), kept.headers.get('retry-after')]).toEqual(['hub-1.a', '7']);
  const replaced = await front.call('/html', { headers: { 'x-request-id': 'a b' } });
  expect(replaced.headers.get('x-request-id')).toMatch(/^[a-z0-9]+$/);
  const own = front.lines.filter(({ requestId }) => requestId === 'hub-1.a');
  expect(own.map(({ level, message }) => [level, message])).toEqual([
    ['error', 'request failed'],
    ['info', 'request'],
  ]);
  expect(own[1]).toMatchObject({ method: 'GET', path: '/later', status: 503, durationMs: expect.any(Number) });
});

test('probes answer without a log line, readiness with its reason', async () => {
  const before = front.lines.length;
  const paths = ['/health/liveness', '/_/health', '/health/readiness', '/_/ready'];
  const answers = await Promise.all(paths.map((path) => front.call(path)));
  expect(answers.map(({ status, text }) => `${status} ${text}`)).toEqual([
    '200 ok',
    '200 ok',
    '503 cache is cold',
    '503 cache is cold',
  ]);
  expect(front.lines).toHaveLength(before);
});

test('the API tells itself as OpenAPI', async () => {
  const { text } = await front.call('/openapi.json');
  expect(Object.keys((JSON.parse(text) as { paths: object }).paths)).toContain('/api/things/{name}');
});

test('without anybody to check a login, guarded routes are closed', async () => {
  const closed = await listen({ routes, authenticate: undefined });
  expect((await closed.call('/api/things', { login: 'admin' })).status).toBe(401);
  await closed.close();
});

test('a client that leaves in the middle of its body disturbs nobody', async () => {
  const socket = connect(front.port, '127.0.0.1');
  socket.write(head('/ignored', 'content-length: 100', 'x-request-id: leaver') + 'half');
  await sleep(20);
  socket.destroy();
  const isTold = (): boolean => front.lines.some(({ requestId, status }) => requestId === 'leaver' && status === 499);
  while (!isTold()) await sleep(5);
  expect((await front.call('/html')).status).toBe(200);
});
