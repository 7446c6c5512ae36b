// Who may call: each refusal of the contract's table word by word, groups, and rows of other credentials (contract 1.2, 8.3).
import { basic, passwordOf, token, tokenOf, WEB_SERVICE } from '../support/credentialFiles';
import { eventually } from '../support/eventually';
import { hubOf } from '../support/hub';
import type { Answer } from '../support/httpClient';
import { createWorld, type World } from '../support/world';

const STARTUP_PASSWORD = 'from the environment';

let world: World;

beforeAll(async () => {
  const environment = { SUPERUSER_PASS: STARTUP_PASSWORD, NEWHUB_USER_PASS: STARTUP_PASSWORD };
  const config = { startup: { create_user: { newhub: [WEB_SERVICE], forgotten: [WEB_SERVICE] } } };
  world = await createWorld({ environment, config });
  world.workspace.setCredential('retired', { groups: [WEB_SERVICE], active: false });
  world.workspace.setCredential('stranger', { groups: ['access_to_logging'] });
  world.workspace.setCredential('root', { groups: [], superuser: true });
});

afterAll(async () => {
  await world?.close();
});

async function list(authorization?: string): Promise<Answer> {
  return world.services.request('GET', '/api/services/', {
    headers: authorization === undefined ? {} : { authorization },
  });
}

describe('logins that are refused', () => {
  const NOT_PROVIDED = 'Authentication credentials were not provided.';
  const WRONG = 'Invalid username/password.';

  it.each<[string, string | undefined, string]>([
    ['no header', undefined, NOT_PROVIDED],
    ['a scheme that nobody knows', `Bearer ${tokenOf('hub-a')}`, NOT_PROVIDED],
    ['Basic alone', 'Basic', 'Invalid basic header. No credentials provided.'],
    ['Basic with spaces', 'Basic a b', 'Invalid basic header. Credentials string should not contain spaces.'],
    ['bad padding', 'Basic YWJjZA=', 'Invalid basic header. Credentials not correctly base64 encoded.'],
    ['no colon', `Basic ${Buffer.from('hub-a').toString('base64')}`, WRONG],
    ['a wrong password', basic('hub-a', 'wrong'), WRONG],
    ['an unknown user', basic('hub-x'), WRONG],
    ['an inactive user with the right password', basic('retired'), WRONG],
    ['Token alone', 'Token', 'Invalid token header. No credentials provided.'],
    ['Token with spaces', 'Token a b', 'Invalid token header. Token string should not contain spaces.'],
    [
      'a token that is not ASCII',
      'Token \xe4\xf6',
      'Invalid token header. Token string should not contain invalid characters.',
    ],
    ['an unknown token', 'Token 0123456789abcdef', 'Invalid token.'],
    ["an inactive user's token", token('retired'), 'User inactive or deleted.'],
  ])('%s', async (_case, authorization, detail) => {
    const answer = await list(authorization);

    expect(answer).toMatchObject({ status: 401, text: JSON.stringify({ detail }) });
    expect(answer.headers['www-authenticate']).toBe('Basic realm="api"');
  });

  it('comes before method and body', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await world.services.request(method, '/api/services/', { raw: 'not json' })).status).toBe(401);
    }
  });

  it('is a 403 without the group', async () => {
    expect(await list(token('stranger'))).toMatchObject({
      status: 403,
      text: '{"detail":"You do not have permission to perform this action."}',
    });
  });
});

describe('logins that are accepted', () => {
  it.each([
    ['Basic', () => basic('hub-a')],
    ['Basic in any case, with a latin-1 password', () => `bAsIc ${latin1('hub-a')}`],
    ['Token', () => token('hub-a')],
    ['token in lower case', () => token('hub-a').replace('Token', 'token')],
    ['a superuser without the group', () => token('root')],
    ['a startup user', () => basic('newhub', STARTUP_PASSWORD)],
    ['the startup superuser', () => basic('admin', STARTUP_PASSWORD)],
  ])('%s', async (_case, authorization) => {
    expect(await list(authorization())).toMatchObject({ status: 200, text: '[]' });
  });

  it('skips a startup user without a password', async () => {
    expect((await list(basic('forgotten', ''))).status).toBe(401);
  });

  it('follows the mounted Secret while warm', async () => {
    world.workspace.setCredential('late', { groups: [WEB_SERVICE] });
    await eventually(async () => ((await list(token('late'))).status === 200 ? true : undefined), 5);

    world.workspace.setCredential('late', undefined);
    await eventually(async () => ((await list(token('late'))).status === 401 ? true : undefined), 5);

    expect((await list(token('hub-a'))).status).toBe(200);
  });

  it('refuses only the credential whose file is broken', async () => {
    world.workspace.write('credentials/broken', '{"password": "in clear"}');

    expect((await list(basic('broken', 'in clear'))).status).toBe(401);
    expect((await list(token('hub-a'))).status).toBe(200);
  });

  it('weakness 16: writes no password and no token into its log', async () => {
    await list(basic('hub-a'));

    const output = world.services.output();
    expect(output).toContain('"caller":"hub-a"');
    for (const secret of [passwordOf('hub-a'), tokenOf('hub-a'), STARTUP_PASSWORD, basic('hub-a')]) {
      expect(output).not.toContain(secret);
    }
  });
});

describe('rows of other credentials', () => {
  it('do not exist, not even for a superuser', async () => {
    expect((await world.hub.start('private')).status).toBe(201);

    for (const other of ['hub-b', 'root'].map((name) => hubOf(world.services, name))) {
      expect(await other.send('GET', '/api/services/private/')).toMatchObject({ status: 404 });
      expect(await other.update('private')).toMatchObject({ status: 404 });
      expect(await other.stop('private')).toMatchObject({ status: 404 });
      expect(await other.send('GET', '/api/services/')).toMatchObject({ text: '[]' });
    }
    expect(await world.hub.poll('private')).toMatchObject({ running: true });
    expect((await world.hub.stop('private')).status).toBe(204);
  });
});

function latin1(name: string): string {
  return Buffer.from(`${name}:${passwordOf(name)}`, 'latin1').toString('base64');
}
