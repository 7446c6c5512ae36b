import { isServername, parseStart } from '../../../functions/services/schema';
import type { AppError } from '../../../lib/errors';

const env = { JUPYTERHUB_STATUS_URL: 'users/progress', JUPYTERHUB_API_TOKEN: 'token', JUPYTERHUB_USER_ID: 17 };
const body = { env, user_options: { service: 'lab' }, start_id: '1a2b3c4d' };
const NAME = 'lab1';

function refusal(input: unknown, uuidcode: string | undefined = NAME): unknown {
  try {
    parseStart(input, uuidcode, 'fallback');
  } catch (error) {
    return (error as AppError).details.body;
  }
  throw new Error('accepted');
}

test('a complete request becomes typed', () => {
  expect(parseStart({ ...body, extra: 1 }, NAME, 'fallback')).toEqual({
    servername: 'lab1',
    startId: '1a2b3c4d',
    service: 'lab',
    userOptions: { service: 'lab' },
    userId: 17,
    env,
    certs: undefined,
  });
});

test('without the header a made-up name is used', () => {
  expect(parseStart(body, undefined, 'fallback').servername).toBe('fallback');
});

describe('presence is checked in the order of the contract', () => {
  test.each([
    [undefined, 'env'],
    [{}, 'env'],
    [{ env: {} }, 'env.JUPYTERHUB_STATUS_URL'],
    [{ env: { JUPYTERHUB_STATUS_URL: null } }, 'env.JUPYTERHUB_API_TOKEN'],
    [{ env: { JUPYTERHUB_STATUS_URL: '', JUPYTERHUB_API_TOKEN: '' } }, 'env.JUPYTERHUB_USER_ID'],
    [{ env }, 'user_options'],
    [{ env, user_options: {} }, 'user_options.service'],
    [{ env, user_options: { service: 'lab' } }, 'start_id'],
  ])('%j misses %s', (input, key) => {
    expect(refusal(input)).toEqual([`Missing key in input data: ${key}`]);
  });
});

describe('wrong values name their field', () => {
  test.each([
    [[], { non_field_errors: ['Invalid data. Expected a dictionary of items but got type "list".'] }],
    [{ env: [] }, { env: ['Expected a dictionary of items but got type "list".'] }],
    [{ env: null }, { env: ['This field may not be null.'] }],
    [{ ...body, user_options: 'lab' }, { user_options: ['Expected a dictionary of items but got type "str".'] }],
    [{ ...body, user_options: { service: 7 } }, { 'user_options.service': ['Not a valid string.'] }],
    [{ ...body, start_id: true }, { start_id: ['Not a valid string.'] }],
    [{ ...body, start_id: null }, { start_id: ['This field may not be null.'] }],
    [{ ...body, start_id: '  ' }, { start_id: ['This field may not be blank.'] }],
    [{ ...body, start_id: 'a'.repeat(1001) }, { start_id: ['String value too large.'] }],
    [{ ...body, start_id: 'a\0b' }, { start_id: ['Null characters are not allowed.'] }],
    [{ ...body, env: { ...env, JUPYTERHUB_USER_ID: 'x' } }, { jhub_user_id: ['A valid integer is required.'] }],
    [{ ...body, env: { ...env, JUPYTERHUB_USER_ID: 1.5 } }, { jhub_user_id: ['A valid integer is required.'] }],
    [{ ...body, env: { ...env, JUPYTERHUB_USER_ID: null } }, { jhub_user_id: ['This field may not be null.'] }],
    [
      { ...body, certs: {} },
      { 'certs.keyfile': expect.anything(), 'certs.certfile': expect.anything(), 'certs.cafile': expect.anything() },
    ],
    [{ ...body, certs: [] }, { certs: ['Expected a dictionary of items but got type "list".'] }],
    [{ ...body, env: { ...env, 'a b': 1 } }, { 'env.a b': expect.anything() }],
  ])('%#: %j', (input, fields) => {
    expect(refusal(input)).toEqual(fields);
  });

  test.each(['..', '../x', 'a/b', 'a\nb', 'a\\b', '.hidden', ''])('service %j', (service) => {
    expect(refusal({ ...body, user_options: { service } })).toHaveProperty(['user_options.service']);
  });

  test.each(['..', 'a/b', 'a\nb', 'a..b'])('start_id %j', (startId) => {
    expect(refusal({ ...body, start_id: startId })).toHaveProperty('start_id');
  });

  test.each(['..', 'a/b', 'a.b', ' ', ''])('servername %j', (name) => {
    expect(refusal(body, name)).toHaveProperty('servername');
  });
});

test.each(['x', '\u20ac'])('user options that leave the anchor no room are refused by their bytes: of %s', (filler) => {
  const [fitting, larger] = [256 * 1024, 256 * 1024 + 3].map((bytes) => {
    const room = bytes - JSON.stringify({ service: 'lab', note: '' }).length;
    return { service: 'lab', note: filler.repeat(room / Buffer.byteLength(filler)) };
  });

  expect(parseStart({ ...body, user_options: fitting }, NAME, '').userOptions).toBe(fitting);
  expect(refusal({ ...body, user_options: larger })).toEqual({ user_options: ['Larger than 262144 bytes of JSON.'] });
});

test.each([
  ['17', 17],
  ['17.0', 17],
  [17.0, 17],
  [-3, -3],
])('user id %j is %d', (given, expected) => {
  expect(parseStart({ ...body, env: { ...env, JUPYTERHUB_USER_ID: given } }, NAME, '').userId).toBe(expected);
});

test('a numeric start id is text, a trailing slash of the service goes', () => {
  const request = parseStart({ ...body, start_id: 12345678, user_options: { service: 'lab/' } }, ' lab1 ', '');
  expect(request).toMatchObject({ startId: '12345678', service: 'lab', servername: 'lab1' });
});

test('names that cannot exist are known without asking the cluster', () => {
  expect([isServername('lab-1'), isServername('a.b'), isServername('a/b')]).toEqual([true, false, false]);
});
