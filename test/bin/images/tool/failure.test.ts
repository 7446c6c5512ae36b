import { failureOf } from '../../../../bin/images/tool/failure';

test.each([
  [
    'refused',
    'Error: pushing image: trying to reuse blob: checking whether a blob exists: unauthorized: authentication required',
  ],
  ['refused', 'denied: requested access to the resource is denied'],
  ['refused', 'no basic auth credentials'],
  [
    'refused',
    'Error: writing blob: initiating layer upload to /v2/lab/blobs/uploads/ in 127.0.0.1:1: StatusCode: 403, "forbidden"',
  ],
  ['away', 'Error: pinging container registry 127.0.0.1:1: dial tcp 127.0.0.1:1: connect: connection refused'],
  ['away', 'Error: writing blob: Patch "http://127.0.0.1:1/v2/": write tcp: write: broken pipe'],
  ['away', 'Error: writing blob: Patch "http://127.0.0.1:1/v2/lab/blobs/uploads/1": EOF'],
  [
    'away',
    'writing blob: Patch "http://127.0.0.1:1/v2/": write tcp 127.0.0.1:2->127.0.0.1:1: use of closed network connection',
  ],
  ['away', 'dial tcp: lookup registry.example.org: no such host'],
  ['failed', 'Error: building at STEP "RUN false": while running runtime: exit status 1'],
])('%s: %s', (reason, said) => {
  expect(failureOf(`${said}\n`)).toEqual({ reason, words: said });
});

test('only the last words are told', () => {
  const said = Array.from({ length: 40 }, (_none, index) => `step ${index}`).join('\n');
  const { words } = failureOf(`${said}\n\n`);
  expect(words.startsWith('step 25\n')).toBe(true);
  expect(words.endsWith('step 39')).toBe(true);
});
