// POST /api/services/ with wrong input: presence, fields, malformed and oversized bodies (contract 1.3, 1.6). Nothing may come of any of it.
import { API_TOKEN, startBody } from '../support/hub';
import type { Answer, Sent } from '../support/httpClient';
import { createWorld, type World } from '../support/world';

let world: World;

beforeAll(async () => {
  world = await createWorld({ environment: { BODY_LIMIT_BYTES: '1048576' } });
});

afterEach(async () => {
  const made = await world.cluster.kube.everything();
  if (made.length > 0) throw new Error(`a refused request made ${made.join(', ')}`);
});

afterAll(async () => {
  await world?.close();
});

async function post(sent: Sent): Promise<Answer> {
  return world.hub.send('POST', '/api/services/', { ...sent, headers: { uuidcode: 'name', ...sent.headers } });
}

describe('keys that are missing', () => {
  const env = { JUPYTERHUB_STATUS_URL: null, JUPYTERHUB_API_TOKEN: null, JUPYTERHUB_USER_ID: null };

  it.each<[string, unknown]>([
    ['env', {}],
    ['env.JUPYTERHUB_STATUS_URL', { env: {} }],
    ['env.JUPYTERHUB_API_TOKEN', { env: { JUPYTERHUB_STATUS_URL: '' } }],
    ['env.JUPYTERHUB_USER_ID', { env: { JUPYTERHUB_STATUS_URL: '', JUPYTERHUB_API_TOKEN: '' }, start_id: '1' }],
    ['user_options', { env }],
    ['user_options.service', { env, user_options: {} }],
    ['start_id', { env, user_options: { service: 'sleeper' } }],
  ])('%s is named', async (key, json) => {
    expect(await post({ json })).toMatchObject({ status: 400, body: [`Missing key in input data: ${key}`] });
  });

  it('env is named for an empty body and for a form', async () => {
    const form = { raw: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } };

    for (const sent of [{}, form]) {
      expect(await post(sent)).toMatchObject({ status: 400, body: ['Missing key in input data: env'] });
    }
  });
});

describe('weakness 22: a wrong type is a 400 that names the field', () => {
  const BLANK = 'This field may not be blank.';
  const NULL = 'This field may not be null.';
  const STRING = 'Not a valid string.';
  const INTEGER = 'A valid integer is required.';
  const anyText = expect.any(String) as unknown;

  it.each<[string, object, object]>([
    ['start_id null', { start_id: null }, { start_id: [NULL] }],
    ['start_id blank', { start_id: '  ' }, { start_id: [BLANK] }],
    ['start_id true', { start_id: true }, { start_id: [STRING] }],
    ['start_id list', { start_id: ['1'] }, { start_id: [STRING] }],
    ['start_id object', { start_id: {} }, { start_id: [STRING] }],
    ['start_id long', { start_id: 'a'.repeat(1001) }, { start_id: ['String value too large.'] }],
    ['start_id with NUL', { start_id: 'a\0b' }, { start_id: ['Null characters are not allowed.'] }],
    ['user_options list', { user_options: [] }, { user_options: [anyText] }],
    ['user_options text', { user_options: 'x' }, { user_options: [anyText] }],
    ['user_options null', { user_options: null }, { user_options: [NULL] }],
    ['env list', { env: [] }, { env: [anyText] }],
    ['env text', { env: 'x' }, { env: [anyText] }],
    ['env number', { env: 1 }, { env: [anyText] }],
    ['service number', { user_options: { service: 1 } }, { 'user_options.service': [STRING] }],
    ['service list', { user_options: { service: ['a'] } }, { 'user_options.service': [STRING] }],
    ['service null', { user_options: { service: null } }, { 'user_options.service': [STRING] }],
    ['service blank', { user_options: { service: '' } }, { 'user_options.service': [BLANK] }],
    ['certs text', { certs: 'x' }, { certs: [anyText] }],
    [
      'certs incomplete',
      { certs: { keyfile: 'k', certfile: 1 } },
      { 'certs.certfile': [STRING], 'certs.cafile': [STRING] },
    ],
  ])('%s', async (_case, body, expected) => {
    expect(await post({ json: { ...startBody(), ...body } })).toMatchObject({ status: 400, body: expected });
  });

  it.each<[string, unknown, string]>([
    ['null', null, NULL],
    ['text', 'abc', INTEGER],
    ['blank', '', INTEGER],
    ['a fraction', 17.5, INTEGER],
    ['a fraction as text', '17.5', INTEGER],
    ['an exponent', '1e3', INTEGER],
    ['true', true, INTEGER],
    ['a list', [17], INTEGER],
    ['an object', {}, INTEGER],
    ['beyond any integer', 1e300, INTEGER],
    ['a long text', '1'.repeat(1001), 'String value too large.'],
  ])('JUPYTERHUB_USER_ID %s', async (_case, id, message) => {
    const json = startBody({ env: { JUPYTERHUB_USER_ID: id } });

    expect(await post({ json })).toMatchObject({ status: 400, body: { jhub_user_id: [message] } });
  });

  it('an empty uuidcode is reported as servername', async () => {
    expect(await post({ json: startBody(), headers: { uuidcode: ' ' } })).toMatchObject({
      status: 400,
      body: { servername: [BLANK] },
    });
  });

  it('several wrong fields are told together, in the order of the model', async () => {
    const { body, status } = await post({
      json: startBody({ startId: null, env: { JUPYTERHUB_USER_ID: 'x' } }),
      headers: { uuidcode: '' },
    });

    expect(status).toBe(400);
    expect(Object.keys(body as object)).toEqual(['servername', 'start_id', 'jhub_user_id']);
  });

  it.each<[string, string]>([
    ['a list', '[1]'],
    ['a text', '"x"'],
    ['a number', '7'],
    ['true', 'true'],
  ])('the body itself is %s', async (_case, raw) => {
    const answer = await post({ raw, headers: { 'content-type': 'application/json' } });

    expect(answer).toMatchObject({ status: 400, body: { non_field_errors: [anyText] } });
  });
});

describe('weakness 14: names that lead elsewhere are refused', () => {
  const evil = ['../x', '..', 'a/../b', 'a/b', '/etc', 'a\nb: c', 'a\r', 'a\u2028b', 'a\\b'];
  const kept = evil.filter((text) => text === text.trim());

  it.each(kept)('start_id %j', async (startId) => {
    const answer = await post({ json: startBody({ startId }) });

    expect(answer).toMatchObject({ status: 400, body: { start_id: [expect.any(String)] } });
  });

  it.each(evil)('service %j', async (service) => {
    const answer = await post({ json: startBody({ service }) });

    expect(answer).toMatchObject({ status: 400, body: { 'user_options.service': [expect.any(String)] } });
  });

  it.each(['../x', '..', 'a/b', '/etc', 'a.b', 'a\\b'])('uuidcode %j', async (uuidcode) => {
    const answer = await post({ json: startBody(), headers: { uuidcode } });

    expect(answer).toMatchObject({ status: 400, body: { servername: [expect.any(String)] } });
  });

  it('names of environment variables that Kubernetes would refuse', async () => {
    const answer = await post({ json: startBody({ env: { 'a b': 1 } }) });

    expect(answer).toMatchObject({ status: 400, body: { 'env.a b': [expect.any(String)] } });
  });
});

describe('bodies that cannot be read', () => {
  const json = { 'content-type': 'application/json' };

  it.each<[string, string | Buffer]>([
    ['cut JSON', '{"env":'],
    ['text', 'hello'],
    ['NaN', '{"start_id":NaN}'],
    ['Infinity', '{"start_id":-Infinity}'],
    ['invalid UTF-8', Buffer.from('7b2261223a22ff227d', 'hex')],
  ])('%s is a 400', async (_case, raw) => {
    const answer = await post({ raw, headers: json });

    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringMatching(/^JSON parse error - ./) } });
  });

  const big = 'x'.repeat(3 * 1024 * 1024);
  const multipart = `--cut\r\nContent-Disposition: form-data; name="env"\r\n\r\n${big}\r\n--cut--\r\n`;

  it.each<[string, Sent]>([
    ['JSON', { raw: JSON.stringify(startBody({ options: { big } })), headers: json }],
    ['a form', { raw: `env=${big}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['multipart', { raw: multipart, headers: { 'content-type': 'multipart/form-data; boundary=cut' } }],
    ['another type', { raw: big, headers: { 'content-type': 'application/octet-stream' } }],
    ['no type', { raw: big }],
  ])('weakness 17: 3 MB of %s are a 413, with a length and chunked', async (_case, sent) => {
    for (const chunked of [false, true]) {
      const answer = await post({ ...sent, chunked });

      expect(answer).toMatchObject({
        status: 413,
        body: { detail: 'Request body exceeds the limit of 1048576 bytes.' },
      });
    }
  });

  it('weakness 17: a large body is refused on every route, also where it is ignored', async () => {
    for (const [method, path] of [
      ['PATCH', '/api/services/none/'],
      ['DELETE', '/api/services/none/'],
      ['POST', '/api/health/'],
    ] as const) {
      expect((await world.hub.send(method, path, { raw: big, chunked: true })).status).toBe(413);
    }
  });

  it('no answer and no log line repeats the hub token', async () => {
    const answer = await post({ json: { ...startBody({ startId: null }), certs: 'x' } });

    expect(answer.status).toBe(400);
    expect(answer.text + world.services.output()).not.toContain(API_TOKEN);
  });
});
