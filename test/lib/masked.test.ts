// What a record never tells: everything that is named like a secret, wherever it stands.
import { isSecretKey, masked } from '../../lib/masked';

const SECRETS =
  'token access-token access_token JUPYTERHUB_API_TOKEN refreshTokens jwt bearer ' +
  'Authorization Proxy-Authorization Cookie set-cookie password DB_PASSWD pwd passphrase ' +
  'secret client_secret clientSecret credentials apiKey x-api-key private_key ssh-key ' +
  'AWS_SECRET_ACCESS_KEY certs cert certificate keyfile certfile cafile auth_state authState ' +
  'SUPERUSER_PASS passcode tls.key tls.crt ca.crt ssl_key clientKey signing-key JUPYTERHUB_CRYPT_KEY id_rsa ca.pem ' +
  'client-key-data client-certificate-data certificate-authority-data .dockerconfigjson';

test.each(SECRETS.split(' '))('%s is a secret', (key) => {
  expect(isSecretKey(key)).toBe(true);
});

test.each([
  'secretName',
  'credential',
  'tokenCount',
  'caller',
  'path',
  'key',
  'authority',
  'certainty',
  'keyword',
  'pass',
  'bypass',
])('%s is none', (key) => {
  expect(isSecretKey(key)).toBe(false);
});

test('a secret is masked at any depth, whatever its value is', () => {
  const told = masked({ a: [{ b: { auth_state: { access_token: 'x' }, certs: { keyfile: 'y' } } }], token: null });
  expect(told).toEqual({ a: [{ b: { auth_state: '***', certs: '***' } }], token: '***' });
});

test('a secret among the variables of a container is masked', () => {
  const env = [
    { name: 'JPY_API_TOKEN', value: 'hidden' },
    { name: 'LANG', value: 'C' },
  ];
  expect(masked({ env })).toEqual({ env: [{ name: 'JPY_API_TOKEN', value: '***' }, env[1]] });
});

test.each([
  ['\n {"token":"hidden"}', '{"token":"***"}'],
  ['{"env":{"JPY_API_TOKEN":"hidden"},"n":1}', '{"env":{"JPY_API_TOKEN":"***"},"n":1}'],
  ['[{"password":"hidden"}]', '[{"password":"***"}]'],
  [JSON.stringify({ body: JSON.stringify({ token: 'hidden' }) }), JSON.stringify({ body: '{"token":"***"}' })],
  ['{"plain": 1 }', '{"plain": 1 }'],
  ['{no json}', '{no json}'],
  ['[::1]:8080', '[::1]:8080'],
])('JSON in a string is looked into: %s', (text, told) => {
  expect(masked({ text })).toEqual({ text: told });
});

test('many made-up names neither fill the memory nor get through', () => {
  for (let number = 0; number < 5_000; number += 1) isSecretKey(`name${number}`);
  expect(isSecretKey('name_4999_token')).toBe(true);
});
