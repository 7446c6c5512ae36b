import { loginFile, loginFromHelper, loginIn } from '../../../../bin/images/registry/loginFile';

const auth = (text: string): string => Buffer.from(text).toString('base64');
const repository = { host: 'registry.example.org', path: 'team/lab' };
const hub = { host: 'docker.io', path: 'team/lab' };
const found = (file: object, where = repository): unknown => loginIn(loginFile.parse(file), where);

test.each([
  ['registry.example.org'],
  ['https://registry.example.org'],
  ['https://registry.example.org/v2/'],
  ['registry.example.org/team'],
  ['registry.example.org/team/lab'],
])('a login under %s is used', (key) => {
  expect(found({ auths: { [key]: { auth: auth('ada:pass:word') } } })).toEqual({ user: 'ada', password: 'pass:word' });
});

test('the one for a part of a registry comes first; one for another registry is none', () => {
  const auths = {
    'registry.example.org': { auth: auth('all:x') },
    'registry.example.org/team': { auth: auth('team:x') },
  };
  expect(found({ auths })).toMatchObject({ user: 'team' });
  expect(found({ auths }, { host: 'registry.example.org', path: 'teams/lab' })).toMatchObject({ user: 'all' });
  expect(found({ auths }, { host: 'registry.example.org:5000', path: 'team/lab' })).toBeUndefined();
});

test("Docker Hub's login is under its old address", () => {
  expect(found({ auths: { 'https://index.docker.io/v1/': { auth: auth('ada:x') } } }, hub)).toMatchObject({
    user: 'ada',
  });
});

test('an identity token is one, with and without a user', () => {
  const auths = { 'registry.example.org': { auth: auth('ada:'), identitytoken: 'it' } };
  expect(found({ auths })).toEqual({ user: 'ada', password: '', identityToken: 'it' });
  expect(found({ auths: { 'registry.example.org': { identitytoken: 'it' } } })).toMatchObject({ identityToken: 'it' });
});

test('helpers are asked where they keep it', () => {
  expect(found({ credHelpers: { 'registry.example.org': 'pass' } })).toEqual({
    helper: 'pass',
    server: 'registry.example.org',
  });
  expect(found({ credsStore: 'desktop', auths: { 'https://registry.example.org': {} } })).toEqual({
    helper: 'desktop',
    server: 'https://registry.example.org',
  });
  expect(found({ credsStore: 'desktop' }, hub)).toEqual({ helper: 'desktop', server: 'https://index.docker.io/v1/' });
  expect(found({})).toBeUndefined();
});

test('what a helper answers', () => {
  expect(loginFromHelper({ ServerURL: 's', Username: 'ada', Secret: 'x' })).toEqual({ user: 'ada', password: 'x' });
  expect(loginFromHelper({ Username: '<token>', Secret: 'it' })).toMatchObject({ identityToken: 'it' });
  expect(loginFromHelper('nothing')).toBeUndefined();
});
