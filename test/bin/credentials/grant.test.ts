import { applyGrant } from '../../../bin/credentials/grant';
import { digestToken } from '../../../lib/credentials/credential';
import { matchesPassword, parsePasswordHash } from '../../../lib/credentials/passwordHash';

const now = new Date('2026-11-21T00:00:00Z');
const nothing = { groups: [], superuser: false };
const existing = {
  password: 'scrypt$old',
  tokens: [{ sha256: digestToken('first'), created: '2026-01-01' }],
  groups: ['access_to_webservice'],
  active: false,
};

test('a new credential may use the web service unless other groups are given', async () => {
  expect(await applyGrant(undefined, nothing, now)).toMatchObject({ groups: ['access_to_webservice'], active: true });
  const logging = { ...nothing, groups: ['access_to_logging'] };
  expect(await applyGrant(undefined, logging, now)).toMatchObject({ groups: ['access_to_logging'] });
});

test('a password is kept as its hash only', async () => {
  const { password = '' } = await applyGrant(undefined, { ...nothing, password: 'secret' }, now);
  const hash = parsePasswordHash(password);
  expect(password).not.toContain('secret');
  expect(hash && (await matchesPassword('secret', hash))).toBe(true);
});

test('a token is added to those there are; nothing else changes', async () => {
  expect(await applyGrant(existing, { ...nothing, token: 'second', label: 'hub' }, now)).toEqual({
    ...existing,
    tokens: [...existing.tokens, { sha256: digestToken('second'), created: now.toISOString(), label: 'hub' }],
  });
});

test('groups are added once', async () => {
  const grant = { ...nothing, groups: ['access_to_logging', 'access_to_webservice'] };
  expect((await applyGrant(existing, grant, now)).groups).toEqual(['access_to_webservice', 'access_to_logging']);
});

test('adding nothing to an existing credential is a mistake', async () => {
  await expect(applyGrant(existing, nothing, now)).rejects.toMatchObject({ code: 'usage' });
});
