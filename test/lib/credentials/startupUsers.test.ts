import { readStartupUsers } from '../../../lib/credentials/startupUsers';

test('a user is made from configuration and password, one without password is told and skipped', () => {
  const log = { info: jest.fn() };
  const users = readStartupUsers({
    createUser: { jupyterhub: ['access_to_webservice'], other: [] },
    environment: { JUPYTERHUB_USER_PASS: 'secret' },
    log,
  });
  expect(users).toEqual([
    { name: 'jupyterhub', groups: ['access_to_webservice'], superuser: false, password: 'secret' },
  ]);
  expect(log.info.mock.calls).toEqual([['startup user has no password and is skipped', { credential: 'other' }]]);
});

test('the superuser is admin, and stays it whatever the configuration says', () => {
  const users = readStartupUsers({
    createUser: { admin: ['access_to_logging'] },
    environment: { SUPERUSER_PASS: 'secret', ADMIN_USER_PASS: 'other' },
    log: { info: jest.fn() },
  });
  expect(users).toEqual([{ name: 'admin', groups: [], superuser: true, password: 'secret' }]);
});

const startWith = (password: string, groups: string[]) =>
  readStartupUsers({ createUser: { hub: groups }, environment: { HUB_USER_PASS: password }, log: { info: jest.fn() } });

test('weakness 23: users are made anew at each start, so a password or group that changed counts from then on', () => {
  expect(startWith('old', [])).toMatchObject([{ password: 'old', groups: [] }]);
  expect(startWith('new', ['logs'])).toMatchObject([{ password: 'new', groups: ['logs'] }]);
});
