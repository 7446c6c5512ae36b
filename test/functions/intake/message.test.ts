import { readData, readText } from '../../../functions/intake/message';

const SHA1 = 'A'.repeat(40);

test.each([
  ['{"request": {"cmd": "true"}}', { request: { cmd: 'true' } }],
  ['{"request": {"dryRun": false}}', { request: { dryRun: false } }],
  [' {"id": "a", "user": "alice", "request": {}}\n', { id: 'a', user: 'alice', request: {} }],
  ['{"cancel": "abc-1"}', { cancel: 'abc-1' }],
  ['00017', { cancel: '00017' }],
  ['{"signed": "a.b.c"}', { signed: 'a.b.c' }],
  ['eyJh.eyJi.c2ln', { signed: 'eyJh.eyJi.c2ln' }],
  [
    `submit alice hw1 ${SHA1} my work/answer.py`,
    { user: 'alice', submission: { assignment: 'hw1', path: 'my work/answer.py', sha1: SHA1.toLowerCase() } },
  ],
])('%s is read', (text, message) => {
  expect(readText(text)).toEqual(message);
});

test.each([
  ['', /no notation/],
  ['{"request"', /not JSON/],
  ['{"request": {}, "cancel": "a"}', /Unrecognized|unrecognized/],
  ['{"request": {"cmd": "true", "dryRun": true}}', /^request.dryRun: is not for messages/],
  ['{"cancel": "A_B"}', /cancel: is not the id of a job/],
  ['{"user": "Alice", "request": {}}', /user: is not a DNS label/],
  [`submit alice ../hw1 ${SHA1} a`, /assignment: is not a name/],
  [`submit alice hw1 ${SHA1} ../a`, /path: is not a path inside the claim/],
  [`submit alice hw1 ${SHA1.slice(1)} a`, /no notation/],
  [`psubmit alice hw1 ${SHA1} a`, /psubmit/],
  ['f0'.repeat(256), /public key/],
])('%s is refused', (text, reason) => {
  expect(() => readText(text)).toThrow(reason);
});

test('no event carries a text', () => {
  expect(() => readData('submit')).toThrow(expect.objectContaining({ status: 400 }) as Error);
});
