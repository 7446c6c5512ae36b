// Events and cron calls through the real faas-js-runtime, behind the front.
import type { CloudEventV1 } from 'cloudevents';
import { AppError } from '../../../lib/errors';
import type { Route } from '../../../lib/http/route';
import { listen, type Listening } from './listening';

const seen: (CloudEventV1<unknown> | undefined)[] = [];
const apiRoot: Route = {
  method: 'POST',
  path: '/',
  access: 'open',
  body: 'json',
  summary: 'Run',
  handle: async () => ({ status: 201 }),
};
const REPLY = { specversion: '1.0', id: '2', type: 'done', source: 'test', data: { n: 1 } };
const STRUCTURED = 'application/cloudevents+json';

async function onEvent(event: CloudEventV1<unknown> | undefined) {
  seen.push(event);
  if (event?.type === 'poison') throw new AppError('poison', 400, 'No such job.');
  if (event?.type === 'retry') throw new AppError('busy', 503, 'internal detail', { retryAfterSeconds: 3 });
  if (event?.type === 'bug') throw Object.assign(new Error('internal detail'), { code: 404 });
  if (event?.type === 'reply') return { status: 200, headers: { 'content-type': STRUCTURED }, body: REPLY };
  return undefined;
}

let front: Listening;
let listeners: number;
beforeAll(async () => {
  listeners = process.listenerCount('SIGTERM') + process.listenerCount('uncaughtException');
  front = await listen({ onEvent });
});
afterAll(() => front.close());
beforeEach(() => seen.splice(0));

const binary = (type: string, attributes: object = {}, body: string | null = '{"a":1}') => ({
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    'ce-id': '1',
    'ce-source': 's',
    'ce-specversion': '1.0',
    'ce-type': type,
    ...attributes,
  },
  body,
});
const structured = (body: unknown, contentType = STRUCTURED) => ({
  method: 'POST',
  headers: { 'content-type': contentType },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

test('a binary event arrives with its data and is answered with nothing', async () => {
  const answer = await front.call('/?method=DELETE&cloudevent=fake&headers=x', binary('job', { 'ce-kind': 'Job' }));
  expect([answer.status, answer.text]).toEqual([204, '']);
  expect(seen[0]).toMatchObject({ id: '1', type: 'job', kind: 'Job', data: { a: 1 } });
});

test('a structured event and one without data arrive, too', async () => {
  expect((await front.call('/', structured({ ...REPLY, type: 'job' }))).status).toBe(204);
  expect((await front.call('/', binary('ping', {}, null))).status).toBe(204);
  expect(seen.map((event) => [event?.type, event?.data])).toEqual([
    ['job', { n: 1 }],
    ['ping', undefined],
  ]);
});

test('an empty POST is a cron call', async () => {
  const headers = { 'x-connector': 'cron-connector', 'x-topic': 'cron-function', 'content-type': 'application/json' };
  expect((await front.call('/', { method: 'POST', headers })).status).toBe(204);
  expect(seen).toEqual([undefined]);
});

test('a handler may answer with an event', async () => {
  const answer = await front.call('/', binary('reply'));
  expect(answer.headers.get('content-type')).toBe(STRUCTURED);
  expect(JSON.parse(answer.text)).toEqual(REPLY);
});

test.each([
  ['without a type', { ...binary('x'), headers: { 'ce-id': '1', 'ce-source': 's', 'ce-specversion': '1.0' } }],
  ['of an unknown version', binary('x', { 'ce-specversion': '9.9' })],
  ['with data that is not JSON', binary('x', {}, '{"a"')],
  ['cut short', structured('{"specversion":')],
  ['in a batch', structured([REPLY], 'application/cloudevents-batch+json')],
  ['that is none', structured('{"a":1}', 'application/json')],
])('an event %s is a 400 and reaches nobody', async (_case, init) => {
  const { status, text } = await front.call('/', init);
  expect(status).toBe(400);
  expect(text).toMatch(/^{"detail":"The request is not a (valid )?CloudEvent."}$/);
  expect(seen).toEqual([]);
});

test.each([
  ['poison', 400, '{"detail":"No such job."}', null],
  ['retry', 503, expect.stringContaining('Internal error.'), '3'],
  ['bug', 500, expect.stringContaining('Unexpected Error'), null],
])('%s is answered %i', async (...[type, status, text, retryAfter]) => {
  const answer = await front.call('/', binary(type));
  expect([answer.status, answer.text, answer.headers.get('retry-after')]).toEqual([status, text, retryAfter]);
  expect(answer.text).not.toContain('internal detail');
});

test('forms cannot pass the limit, and other methods are refused', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await front.call('/', { method: 'POST', headers: form, body: 'x'.repeat(1024 * 1024 + 1) })).status).toBe(
    413,
  );
  const put = await front.call('/', { method: 'PUT' });
  expect([put.status, put.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
});

test('concurrent events keep their own answers', async () => {
  const types = ['poison', 'retry', 'reply', 'job', 'poison', 'job'];
  const answers = await Promise.all(types.map((type) => front.call('/', binary(type))));
  expect(answers.map(({ status }) => status)).toEqual([400, 503, 200, 204, 400, 204]);
});

test('the runtime leaves neither process listeners nor an open door to other sites', async () => {
  const { headers } = await front.call('/', binary('job'));
  expect(headers.get('access-control-allow-origin')).toBeNull();
  expect(process.listenerCount('SIGTERM') + process.listenerCount('uncaughtException')).toBe(listeners);
});

test('an API may own POST /, events still arrive', async () => {
  const both = await listen({ onEvent, routes: [apiRoot] });
  expect((await both.call('/', structured('{}', 'application/json'))).status).toBe(201);
  expect((await both.call('/', binary('job'))).status).toBe(204);
  await both.close();
});

test('a function without events has nothing at POST /', async () => {
  const silent = await listen();
  expect((await silent.call('/', binary('job'))).status).toBe(404);
  await silent.close();
});
