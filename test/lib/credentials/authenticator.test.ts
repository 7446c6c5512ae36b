import crypto from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthenticator, type Authenticate } from '../../../lib/credentials/authenticator';
import { digestToken } from '../../../lib/credentials/credential';
import { hashPassword } from '../../../lib/credentials/passwordHash';

const groups = ['access_to_webservice'];
const token = (text: string) => ({ sha256: digestToken(text), created: '2026-11-21T00:00:00Z' });
const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});

let directory: string;
let password: string;
let now = 0;
let authenticate: Authenticate;
const write = (name: string, value: unknown) => writeFile(join(directory, name), JSON.stringify(value));
const startupUser = { name: 'startup', groups, superuser: false, password: 'from-env' };

beforeAll(async () => {
  password = await hashPassword('secret');
});
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'credentials-'));
  await write('hub', { password, tokens: [token('first'), token('second')], groups, active: true });
  await write('admin', { tokens: [token('root')], groups: [], active: true, superuser: true });
  await write('gone', { password, tokens: [token('gone')], groups, active: false });
  authenticate = createAuthenticator({
    directory,
    startupUsers: [startupUser, { ...startupUser, name: 'hub' }],
    log: { error: jest.fn() },
    clock: () => new Date(now),
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(directory, { recursive: true });
});

const hub = { name: 'hub', groups, superuser: false };

test.each([
  ['a password', basic('hub', 'secret'), hub],
  ['a token', { authorization: 'Token first' }, hub],
  ['another token of the same credential', { authorization: 'token second' }, hub],
  ['a token of a superuser', { authorization: 'Token root' }, { name: 'admin', groups: [], superuser: true }],
  ['a startup user', basic('startup', 'from-env'), { ...hub, name: 'startup' }],
])('%s tells who calls', async (_case, headers, caller) => {
  expect(await authenticate(headers)).toEqual(caller);
});

test.each([
  ['no header', {}, 'Authentication credentials were not provided.'],
  ['a wrong password', basic('hub', 'wrong'), 'Invalid username/password.'],
  ['an unknown user', basic('nobody', 'secret'), 'Invalid username/password.'],
  ['an inactive user', basic('gone', 'secret'), 'Invalid username/password.'],
  ['a user without password', basic('admin', ''), 'Invalid username/password.'],
  ['a startup password where a stored credential has the name', basic('hub', 'from-env'), 'Invalid username/password.'],
  ['an unknown token', { authorization: 'Token third' }, 'Invalid token.'],
  ['a token of an inactive user', { authorization: 'Token gone' }, 'User inactive or deleted.'],
])('%s is refused', async (_case, headers, message) => {
  await expect(authenticate(headers)).rejects.toMatchObject({ code: 'unauthenticated', status: 401, message });
});

test('unknown, inactive and passwordless users cost one hash like a wrong password', async () => {
  await authenticate({ authorization: 'Token first' });
  const scrypt = jest.spyOn(crypto, 'scrypt');
  for (const name of ['hub', 'nobody', 'gone', 'admin', 'startup']) {
    scrypt.mockClear();
    await expect(authenticate(basic(name, 'wrong'))).rejects.toMatchObject({ status: 401 });
    expect(scrypt).toHaveBeenCalledTimes(1);
  }
});

test('once known, a Basic login costs what a Token login costs', async () => {
  const headers = basic('hub', 'secret');
  await authenticate({ authorization: 'Token first' });
  const scrypt = jest.spyOn(crypto, 'scrypt');
  await Promise.all([authenticate(headers), authenticate(headers)]);
  const measure = async (login: Record<string, string>) => {
    const start = process.hrtime.bigint();
    for (let count = 0; count < 200; count += 1) await authenticate(login);
    return Number(process.hrtime.bigint() - start);
  };
  const ratios: number[] = [];
  while (ratios.length < 5) ratios.push((await measure(headers)) / (await measure({ authorization: 'Token first' })));
  expect(ratios.sort((left, right) => left - right)[2]).toBeLessThan(3);
  expect(scrypt).toHaveBeenCalledTimes(1);
});

test('a changed password is asked for within a second, the old one no longer taken', async () => {
  await authenticate(basic('hub', 'secret'));
  await write('hub', { password: await hashPassword('other'), groups });
  now += 1_000;
  await expect(authenticate(basic('hub', 'secret'))).rejects.toMatchObject({ status: 401 });
  expect(await authenticate(basic('hub', 'other'))).toEqual(hub);
});

test('more logins than can wait are told to come back, the rest is answered', async () => {
  await authenticate({ authorization: 'Token first' });
  jest.spyOn(crypto, 'scrypt').mockImplementation((...args) => {
    const done = args.at(-1) as (error: null, key: Buffer) => void;
    setImmediate(() => done(null, Buffer.alloc(32)));
  });
  const logins = Array.from({ length: 70 }, (_, index) => authenticate(basic('hub', `wrong-${index}`)));
  const statuses = await Promise.all(logins.map((login) => login.catch((error: { status: number }) => error.status)));
  expect(statuses.filter((status) => status === 503)).toHaveLength(4);
  expect(statuses.filter((status) => status === 401)).toHaveLength(66);
});
