import { parseAuthorization } from '../../../lib/credentials/authorization';

const base64 = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding).toString('base64');
const basic = (name: string, password: string) => ({ scheme: 'basic', name, password });

test.each([
  ['user and password', `Basic ${base64('hub:secret')}`, basic('hub', 'secret')],
  ['any case of the scheme', `bAsIc ${base64('hub:secret')}`, basic('hub', 'secret')],
  ['a password with colons', `Basic ${base64('hub:a:b')}`, basic('hub', 'a:b')],
  ['no colon as a name without password', `Basic ${base64('hub')}`, basic('hub', '')],
  ['UTF-8', `Basic ${base64('hub:grün')}`, basic('hub', 'grün')],
  ['Latin-1 where it is not UTF-8', `Basic ${base64('hub:grün', 'latin1')}`, basic('hub', 'grün')],
  ['base64 with stray characters', 'Basic aHVi*On!M=', basic('hub', 's')],
  ['base64 that ends at its padding', 'Basic aHViOnM=aHVi', basic('hub', 's')],
  ['a token', 'Token abc', { scheme: 'token', token: 'abc' }],
])('reads %s', (_case, header, login) => {
  expect(parseAuthorization(header)).toEqual(login);
});

test.each([
  [undefined, 'Authentication credentials were not provided.'],
  ['', 'Authentication credentials were not provided.'],
  ['Bearer abc', 'Authentication credentials were not provided.'],
  ['Basic', 'Invalid basic header. No credentials provided.'],
  ['Basic a b', 'Invalid basic header. Credentials string should not contain spaces.'],
  ['Basic aHViOnM', 'Invalid basic header. Credentials not correctly base64 encoded.'],
  ['Basic a', 'Invalid basic header. Credentials not correctly base64 encoded.'],
  ['Token', 'Invalid token header. No credentials provided.'],
  ['Token a b', 'Invalid token header. Token string should not contain spaces.'],
  ['Token gr\u00fcn', 'Invalid token header. Token string should not contain invalid characters.'],
])('refuses %p in the words clients know', (header, message) => {
  expect(() => parseAuthorization(header)).toThrow(
    expect.objectContaining({
      message,
      status: 401,
      code: 'unauthenticated',
      details: { headers: { 'www-authenticate': 'Basic realm="api"' } },
    }),
  );
});
