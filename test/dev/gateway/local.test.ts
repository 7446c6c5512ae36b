import { isLocal } from '../../../dev/gateway/local';

test.each([
  [true, { host: '127.0.0.1:8080' }],
  [true, { host: 'LOCALHOST:8080' }],
  [true, { host: '127.0.0.1:8080', origin: 'http://localhost:8080' }],
  [false, {}],
  [false, { host: 'evil.example:8080' }],
  [false, { host: '127.0.0.1' }],
  [false, { host: '127.0.0.1:9090' }],
  [false, { host: '127.0.0.1:8080', origin: 'https://evil.example' }],
  [false, { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:9090' }],
  [false, { host: '127.0.0.1:8080', origin: 'null' }],
])('%p for %j', (expected, headers) => {
  expect(isLocal(headers, 8080)).toBe(expected);
});
