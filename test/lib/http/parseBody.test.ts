// What bytes become, and which bytes are refused.
import { parseBody } from '../../../lib/http/parseBody';

const FORM = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data; boundary=b';
const multipart =
  '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--b\r\n' +
  'content-disposition: form-data; name="f"; filename="f.txt"\r\n\r\ntext\r\n--b--\r\n';

test.each([
  ['application/json', '{"a":[1]}', { a: [1] }],
  ['application/json; charset=utf-8', '"ü"', 'ü'],
  ['Application/JSON', 'null', null],
  [FORM, 'a=1&b=x%20y&a=2', { a: '2', b: 'x y' }],
  [FORM, '{"cmd":"a=b&c"}', { cmd: 'a=b&c' }],
  [MULTIPART, multipart, { a: '1', f: 'text' }],
  ['text/plain', '', {}],
  [undefined, '', {}],
])('%s %j is parsed', async (contentType, text, expected) => {
  expect(await parseBody(Buffer.from(text), contentType)).toEqual(expected);
});

test.each([
  ['text/plain', 'x', 415, 'Unsupported media type "text/plain" in request.'],
  [undefined, 'x', 415, 'Unsupported media type "" in request.'],
  ['application/merge-patch+json', '{}', 415, 'Unsupported media type "application/merge-patch+json" in request.'],
  ['application/json', '{"a"', 400, expect.stringMatching(/^JSON parse error - /)],
  ['application/json', '{"a":NaN}', 400, expect.stringMatching(/^JSON parse error - /)],
  ['application/json', '[Infinity]', 400, expect.stringMatching(/^JSON parse error - /)],
  ['multipart/form-data', 'x', 400, expect.stringMatching(/^Form parse error - /)],
])('%s %j is refused', async (...[contentType, text, status, message]) => {
  await expect(parseBody(Buffer.from(text), contentType)).rejects.toMatchObject({ status, message });
});

test('invalid UTF-8 is refused', async () => {
  const body = parseBody(Buffer.from([0x22, 0xff, 0x22]), 'application/json');
  await expect(body).rejects.toMatchObject({ status: 400, message: 'JSON parse error - invalid UTF-8' });
});

test.each(['{"__proto__":{"admin":true},"b":{"__proto__":1,"c":2}}', '{"\\u005f_proto__":{"admin":true},"b":{"c":2}}'])(
  'a prototype in %s is dropped',
  async (text) => {
    const body = await parseBody(Buffer.from(text), 'application/json');
    expect(Object.keys(body as object)).toEqual(['b']);
    expect(Object.assign({}, body)).not.toHaveProperty('admin');
  },
);
