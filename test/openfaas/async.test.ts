// Asynchronous calls: taken at once, made one after the other, their results told where the caller wants them.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { basic } from '../support/credentialFiles';
import { eventually } from '../support/eventually';
import { JOB_DEFAULTS, type JobObject } from '../support/jobs';
import { jobsBehind } from '../support/openfaas/behind';
import { openOpenFaas, type OpenFaas } from '../support/openfaas/openfaas';

jest.setTimeout(60_000);

interface Told {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let openfaas: OpenFaas;
let listener: Server;
let callback: string;
const told: Told[] = [];
const authorization = basic('jupyterhub');

beforeAll(async () => {
  openfaas = await openOpenFaas({ config: { jobs: { defaults: JOB_DEFAULTS } } });
  listener = createServer((request, response) => {
    void keep(request).then(() => response.end());
  });
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  callback = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/told`;
});

afterEach(() => told.splice(0));

afterAll(async () => {
  listener?.close();
  await openfaas?.close();
});

async function keep(request: IncomingMessage): Promise<void> {
  told.push({ headers: request.headers, body: await text(request) });
}

async function resultOf(id: unknown): Promise<Told> {
  return eventually(async () => told.find(({ headers }) => headers['x-call-id'] === id));
}

test('a job that is submitted so runs, and the callback has the answer of the function', async () => {
  const headers = { authorization, 'x-callback-url': callback };
  const answer = await openfaas.request('POST', '/async-function/jobs/jobs', { json: { cmd: 'echo later' }, headers });
  expect(answer).toMatchObject({ status: 202, text: '' });
  const { headers: result, body } = await resultOf(answer.headers['x-call-id']);
  expect(result).toMatchObject({
    'x-function-status': '200',
    'x-function-name': 'jobs',
    'x-request-id': answer.headers['x-call-id'],
    'content-type': 'application/json',
    'x-duration-seconds': expect.stringMatching(/^\d+\.\d{6}$/),
  });
  const job = JSON.parse(body) as JobObject;
  const jobs = jobsBehind(openfaas);
  await jobs.ended(job);
  expect((await jobs.logs(job.metadata.name)).text).toBe('later\n');
});

test('a refusal is told as well', async () => {
  const headers = { 'x-callback-url': callback, 'x-call-id': 'refused-1' };
  const answer = await openfaas.request('POST', '/async-function/jobs/jobs', { json: { cmd: 'echo no' }, headers });
  expect(answer.status).toBe(202);
  const { headers: result, body } = await resultOf('refused-1');
  expect(result['x-function-status']).toBe('401');
  expect(body).toContain('credentials');
});

async function submitOnce(id: string): Promise<void> {
  await openfaas.request('POST', '/async-function/jobs.openfaas-fn/jobs?once', {
    json: { cmd: 'echo once' },
    headers: { authorization, 'idempotency-key': 'once', 'x-callback-url': callback, 'x-call-id': id },
  });
}

test('a submission with an Idempotency-Key that is queued twice makes one job', async () => {
  await Promise.all(['once-1', 'once-2'].map(submitOnce));
  const results = await Promise.all(['once-1', 'once-2'].map(resultOf));
  const [first, second] = results.map(({ body }) => (JSON.parse(body) as JobObject).metadata.uid);
  expect(first).toBe(second);
});

test('the cron-connector may call so, too', async () => {
  const headers = { 'x-topic': 'cron-function', 'x-connector': 'cron-connector', 'x-callback-url': callback };
  const answer = await openfaas.request('POST', '/async-function/reaper.openfaas-fn', { headers });
  const { headers: result, body } = await resultOf(answer.headers['x-call-id']);
  expect([result['x-function-status'], body]).toEqual(['204', '']);
});

test.each([
  ['GET', {}, 405],
  ['POST', { 'x-callback-url': 'nowhere' }, 400],
])('%s with %j is answered %i', async (method, headers, status) => {
  expect((await openfaas.request(method, '/async-function/jobs/jobs', { headers })).status).toBe(status);
});

test('what the queue does not hold is refused at once, and a function that is not there', async () => {
  const raw = 'x'.repeat(300 * 1024);
  expect((await openfaas.request('POST', '/async-function/jobs/jobs', { raw })).status).toBe(500);
  expect((await openfaas.request('POST', '/async-function/nobody', {})).status).toBe(404);
});
