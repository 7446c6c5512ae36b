import { requestDigest } from '../../lib/requestDigest';

test('the digest does not depend on the order of keys, and on everything else', () => {
  expect(requestDigest({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(requestDigest({ b: [{ d: 3, c: 2 }], a: 1 }));
  expect(requestDigest({ a: [1, 2] })).not.toBe(requestDigest({ a: [2, 1] }));
});
