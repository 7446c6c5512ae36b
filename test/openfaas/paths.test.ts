// Calls through the gateway: whole services and jobs under /function/NAME, what the gateway adds, and what it does to a path.
import { basic } from '../support/credentialFiles';
import { eventually, untilEmpty } from '../support/eventually';
import { hubOf, type Hub } from '../support/hub';
import { JOB_DEFAULTS } from '../support/jobs';
import { behind, jobsBehind } from '../support/openfaas/behind';
import { openOpenFaas, type OpenFaas } from '../support/openfaas/openfaas';

jest.setTimeout(120_000);

let openfaas: OpenFaas;

beforeAll(async () => {
  openfaas = await openOpenFaas({ config: { jobs: { defaults: JOB_DEFAULTS } }, environment: { LOG_LEVEL: 'debug' } });
});

afterAll(async () => openfaas?.close());

const authorization = basic('jupyterhub');

describe.each(['services', 'services.openfaas-fn'])('services at /function/%s', (name) => {
  let hub: Hub;
  beforeAll(() => {
    hub = hubOf(behind(openfaas, name), 'jupyterhub');
  });

  test('are started from a description in a Secret, polled, listed, updated and stopped', async () => {
    expect((await hub.start('one', { service: 'hello' })).status).toBe(201);
    expect(await hub.untilRunning('one')).toMatchObject({ servername: 'one', running: true });
    expect((await hub.send('GET', '/api/services/')).body).toEqual([expect.objectContaining({ servername: 'one' })]);
    expect((await hub.update('one')).status).toBe(200);
    expect((await hub.stop('one')).status).toBe(204);
    await untilEmpty(openfaas.cluster.kube);
  });

  test('a description whose name reaches into another one is unknown', async () => {
    const answer = await hub.start('two', { service: 'hello__input' });
    expect(answer).toMatchObject({ status: 500, body: { detailed_error: expect.stringContaining('service yaml') } });
    await untilEmpty(openfaas.cluster.kube);
  });
});

test('jobs run, and their logs are read', async () => {
  const jobs = jobsBehind(openfaas);
  const job = await jobs.submit({ name: 'first', cmd: 'echo hello' });
  expect((await jobs.ended(job)).state.phase).toBe('succeeded');
  expect((await jobs.logs(job.metadata.name)).text).toBe('hello\n');
});

test('handlers of logs are changed through the one function and heard of by another', async () => {
  const path = '/function/logs/api/logs/handler/stream/';
  expect(await openfaas.request('GET', path, { headers: { authorization } })).toMatchObject({ status: 200 });
});

test.each(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'])('%s reaches the function', async (method) => {
  const answer = await openfaas.request(method, '/function/services/api/', { headers: { authorization } });
  expect(answer.status).toBe(['GET', 'HEAD', 'OPTIONS'].includes(method) ? 200 : 405);
  expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS');
});

test('a call has one id: in the answer, and in the log of the function', async () => {
  const answer = await openfaas.request('GET', '/function/services/api/');
  const id = answer.headers['x-call-id'];
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer.headers['x-start-time']).toMatch(/^\d{19}$/);
  expect(answer.headers['x-request-id']).toBe(id);
  await eventually(async () => openfaas.logOf('services').find(({ requestId }) => requestId === id));

  const own = await openfaas.request('GET', '/function/services/api/', { headers: { 'x-call-id': 'mine-1' } });
  expect(own.headers).not.toHaveProperty('x-call-id');
  expect(own.headers['x-request-id']).toBe('mine-1');
});

test('links name the host that was asked, as an ingress forwards it', async () => {
  const headers = { 'x-forwarded-host': 'hub.example', 'x-forwarded-proto': 'https' };
  expect(await openfaas.request('GET', '/function/services/api/', { headers })).toMatchObject({
    body: { services: 'https://hub.example/api/services/' },
  });
});

test('a body arrives without its length, and is limited all the same', async () => {
  const headers = { authorization, 'content-type': 'application/json', uuidcode: 'large' };
  const raw = JSON.stringify({ filler: 'x'.repeat(2 * 1024 * 1024) });
  expect(await openfaas.request('POST', '/function/services/api/services/', { raw, headers })).toMatchObject({
    status: 413,
  });
});

test.each([
  ['a slash that was written as %2F', '/function/services/api/services/a%2Fb/', 404],
  ['a path with an empty segment', '/function/services//api/health/', 301],
  ['a path that leaves the function', '/function/services/%2e%2e/logs/api/logs', 301],
  ['an encoding that is none', '/function/services/%zz', 400],
  ['a function that is not there', '/function/nobody/api', 404],
])('%s is answered', async (_what, path, status) => {
  expect((await openfaas.request('GET', path, { headers: { authorization } })).status).toBe(status);
});

test('a question mark that was written as %3F begins the query', async () => {
  const answer = await openfaas.request('GET', '/function/services/api/health/%3Fformat=json', {});
  expect(answer).toMatchObject({ status: 200 });
});

test('a path that the gateway stumbles over breaks the connection', async () => {
  await expect(openfaas.request('GET', '/function/services/100%25')).rejects.toThrow('socket hang up');
});

test('who has no login is told so, by each function with one', async () => {
  for (const path of [
    'services/api/services/',
    'jobs/jobs',
    'archive/archives',
    'userjobs/api/userjobs/',
    'reaper/reaper/report',
  ]) {
    expect((await openfaas.request('GET', `/function/${path}`)).status).toBe(401);
    const wrong = { headers: { authorization: basic('config.json', '') } };
    expect((await openfaas.request('GET', `/function/${path}`, wrong)).status).toBe(401);
  }
});

test('files of descriptions beside the credentials are no trouble', async () => {
  await openfaas.request('GET', '/function/services/api/services/', { headers: { authorization } });
  const messages = openfaas.logOf('services').map(({ message }) => message);
  expect(messages).toContain('listening');
  expect(messages).not.toContain('credential cannot be read');
});
