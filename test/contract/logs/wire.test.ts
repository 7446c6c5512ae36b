// The logging API as the K8s Manager has it: section 7 of its contract, and answers instead of its pages for what was wrong.
import { basic } from '../../support/credentialFiles';
import { createLogs, HANDLER, type Logs } from '../../support/logs';

jest.setTimeout(60_000);

let logs: Logs;

beforeAll(async () => {
  logs = await createLogs();
});

afterAll(async () => logs?.world.close());

beforeEach(async () => logs.reset());

const STREAM = { handler: 'stream', configuration: { formatter: 'simple', level: 10, stream: 'ext://sys.stdout' } };

it('the index is open, and names the two parts', async () => {
  const { status, body } = await logs.instance.request('GET', '/api/logs/');

  expect([status, body]).toEqual([
    200,
    { handler: expect.stringMatching(/\/api\/logs\/handler\/$/), logtest: expect.stringMatching(/\/logtest\/$/) },
  ]);
});

it('everything else needs the group', async () => {
  for (const path of [HANDLER, `${HANDLER}stream/`, '/api/logs/logtest/', '/api/logs/changes/']) {
    const headers = { authorization: basic('hub-b') };
    expect([path, (await logs.instance.request('GET', path)).status]).toEqual([path, 401]);
    expect([path, (await logs.instance.request('GET', path, { headers })).status]).toEqual([path, 403]);
  }
});

it('stream is there from the beginning, and cannot be added', async () => {
  const list = await logs.send('GET', HANDLER);
  const again = await logs.send('POST', HANDLER, { json: STREAM });

  expect(list.body).toContainEqual(STREAM);
  expect([again.status, again.body]).toEqual([400, { handler: ['handler model with this handler already exists.'] }]);
});

it('a handler is added, read, changed, replaced and removed', async () => {
  const added = await logs.send('POST', HANDLER, { json: { handler: 'file', configuration: { level: 'ERROR' } } });
  const file = { formatter: 'simple', level: 'ERROR', filename: '/tmp/file.log', when: 'midnight', backupCount: 7 };
  expect([added.status, added.body]).toEqual([201, { handler: 'file', configuration: file }]);
  expect((await logs.send('GET', `${HANDLER}file/`)).body).toEqual({ handler: 'file', configuration: file });

  const changed = { handler: 'file', configuration: { ...file, backupCount: 3 } };
  expect(await logs.set('PATCH', 'file', { backupCount: 3 })).toEqual(changed);
  const replaced = { handler: 'file', configuration: { ...file, level: 'INFO' } };
  expect(await logs.set('PUT', 'file', { level: 'INFO' })).toEqual(replaced);
  expect((await logs.send('GET', HANDLER)).body).toEqual([expect.objectContaining({ handler: 'stream' }), replaced]);

  expect((await logs.send('DELETE', `${HANDLER}file/`)).status).toBe(204);
  expect((await logs.send('GET', `${HANDLER}file/`)).status).toBe(404);
});

it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('%s of a handler that is not there is not found', async (method) => {
  for (const handler of ['smtp', 'console']) {
    const answer = await logs.send(method, `${HANDLER}${handler}/`, method === 'GET' ? {} : { json: {} });
    expect([answer.status, answer.body]).toEqual([404, { detail: 'Not found.' }]);
  }
});

const WRONG: readonly (readonly [method: string, path: string, body: unknown, status: number, answer: unknown])[] = [
  ['POST', HANDLER, {}, 400, ['Missing key in input data: handler']],
  ['POST', HANDLER, [], 400, { non_field_errors: [expect.stringContaining('list')] }],
  ['POST', HANDLER, null, 400, { non_field_errors: [expect.stringContaining('NoneType')] }],
  ['POST', HANDLER, { handler: 'x' }, 400, [expect.stringMatching(/^Unsupported handler: x\. Supported/)]],
  ['POST', HANDLER, { handler: 'file', configuration: { level: null } }, 400, [expect.stringMatching(/^Unsupported/)]],
  ['POST', HANDLER, { handler: 'file', configuration: { x: 1 } }, 400, [expect.stringMatching(/^Unknown key/)]],
  ['PATCH', `${HANDLER}stream/`, { handler: 'file' }, 400, [expect.stringContaining('of the path is stream')]],
  ['PUT', `${HANDLER}stream/`, { configuration: 3 }, 400, ["Configuration must be of type dict not <class 'int'>"]],
];

it.each(WRONG)('%s %s with %j is refused', async (method, path, json, status, body) => {
  const answer = await logs.send(method, path, { json });

  expect([answer.status, answer.body]).toEqual([status, body]);
});

it('what is no JSON, or of another type, is told so', async () => {
  const headers = { 'content-type': 'application/json' };
  const broken = await logs.send('POST', HANDLER, { raw: '{"handler":', headers });
  const text = await logs.send('POST', HANDLER, { raw: 'x', headers: { 'content-type': 'text/plain' } });

  expect([broken.status, text.status]).toEqual([400, 415]);
});

it('a log test is answered by nothing, and writes one record of each level', async () => {
  const { status, text } = await logs.send('GET', '/api/logs/logtest/');

  expect([status, text]).toEqual([200, '']);
  expect((await logs.send('GET', '/api/logs/logtest/?count=0')).status).toBe(400);
});

it('changes are told with who and when, the last one first', async () => {
  await logs.set('POST', 'syslog', { address: ['127.0.0.1', 5514] });
  await logs.set('PATCH', 'syslog', { level: 'ERROR' });
  await logs.set('DELETE', 'syslog');

  const { body } = await logs.send('GET', '/api/logs/changes/');

  const [removed, changed, added] = body as readonly object[];
  const common = { user: 'hub-a', handler: 'syslog', time: expect.stringMatching(/^\d{4}-.*Z$/) };
  expect(removed).toMatchObject({ ...common, action: 'DELETE', before: { level: 'ERROR' }, after: null });
  expect(changed).toMatchObject({ ...common, action: 'PATCH', before: { level: 10 }, after: { level: 'ERROR' } });
  expect(added).toMatchObject({ ...common, action: 'POST', before: null, after: { level: 10 } });
});

it('changes at the same time are all made', async () => {
  const handlers = ['file', 'smtp', 'syslog'];

  await Promise.all(handlers.map(async (handler) => logs.set('POST', handler, {})));

  const { body } = await logs.send('GET', HANDLER);
  expect((body as { handler: string }[]).map(({ handler }) => handler)).toEqual(['stream', ...handlers]);
});
