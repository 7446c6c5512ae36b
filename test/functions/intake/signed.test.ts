import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { readSigned } from '../../../functions/intake/signed';

const AT = new Date('2026-11-29T12:00:00Z');
const NOW = AT.getTime() / 1000;
const SECRET = 'x'.repeat(32);
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const PEM = publicKey.export({ type: 'spki', format: 'pem' }) as string;

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const CLAIMS = { aud: 'work', iat: NOW, exp: NOW + 600, jti: '1', sub: 'alice', cancel: 'abc' };

function jwt(claims: object, { alg = 'HS256', secret = SECRET }: { alg?: string; secret?: string } = {}): string {
  const text = `${encoded({ alg })}.${encoded({ ...CLAIMS, ...claims })}`;
  const bytes =
    alg === 'EdDSA' ? sign(null, Buffer.from(text), privateKey) : createHmac('sha256', secret).update(text).digest();
  return `${text}.${bytes.toString('base64url')}`;
}

const read = (text: string, key = SECRET) => readSigned(text, { key, audience: 'work', at: AT });

test.each([
  ['a secret', jwt({}), SECRET],
  ['an Ed25519 key', jwt({}, { alg: 'EdDSA' }), PEM],
])('what is signed with %s says who asks, and by which id', (_what, text, key) => {
  expect(read(text, key)).toEqual({ id: '1', user: 'alice', cancel: 'abc' });
});

test('nobody need be named', () => {
  expect(read(jwt({ sub: undefined }))).toEqual({ id: '1', cancel: 'abc' });
});

test('what the payload says of itself is not believed', () => {
  expect(read(jwt({ id: '2', user: 'bob' }))).toEqual({ id: '1', user: 'alice', cancel: 'abc' });
});

test.each([
  ['another secret', jwt({}, { secret: 'y'.repeat(32) }), SECRET],
  ['the public key as a secret', jwt({}, { secret: PEM }), PEM],
  ['another algorithm', jwt({}, { alg: 'none' }), SECRET],
  ['no signature', jwt({}).replace(/\.[^.]*$/, '.'), SECRET],
  ['another payload', jwt({}).replace(/\..*\./, `.${encoded({ ...CLAIMS, sub: 'bob' })}.`), SECRET],
  ['another audience', jwt({ aud: 'other' }), SECRET],
  ['no id', jwt({ jti: undefined }), SECRET],
  ['no end', jwt({ exp: undefined }), SECRET],
  ['an end that is over', jwt({ exp: NOW - 61 }), SECRET],
  ['a long life', jwt({ exp: NOW + 86_401 }), SECRET],
  ['a beginning in the future', jwt({ iat: NOW + 3_600, exp: NOW + 7_200 }), SECRET],
  ['nothing to do', jwt({ cancel: undefined }), SECRET],
])('with %s it is refused for good', (_what, text, key) => {
  expect(() => read(text, key)).toThrow(expect.objectContaining({ status: 400 }) as Error);
});

test('a short secret is the operator’s fault', () => {
  expect(() => read(jwt({}, { secret: 'short' }), 'short')).toThrow('less than 32 bytes');
});
