import { matchesAny } from '../../lib/glob';

test.each([
  ['*.pyc', 'a.pyc', true],
  ['*.pyc', 'a.py', false],
  ['*', '.hidden', true],
  ['?.txt', 'a.txt', true],
  ['?.txt', 'ab.txt', false],
  ['[ab]*', 'beta', true],
  ['[!ab]*', 'beta', false],
  ['a.b', 'axb', false],
  ['a[b', 'a[b', true],
  ['(x)', '(x)', true],
])('%s on %s: %s', (glob, name, expected) => {
  expect(matchesAny([glob], name)).toBe(expected);
});

test('no glob matches nothing', () => {
  expect(matchesAny([], 'a')).toBe(false);
});
