import { globMatcher, isGlob } from '../../lib/glob';

describe('globMatcher', () => {
  test.each([
    ['*.log', 'a.log', true],
    ['*.log', '.log', true],
    ['*', '.hidden', true],
    ['*.log', 'a.log.txt', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['?', '😀', true],
    ['file[0-9]', 'file7', true],
    ['file[!0-9]', 'file7', false],
    ['file[!0-9]', 'filex', true],
    ['[]]', ']', true],
    ['[!]]', 'x', true],
    ['[^a]', '^', true],
    ['[^a]', 'b', false],
    ['[ab', '[ab', true],
    ['[]', '[]', true],
    ['a.c', 'abc', false],
    ['(a|b)+$', '(a|b)+$', true],
    [String.raw`a\b`, String.raw`a\b`, true],
    ['{a,b}', 'a', false],
    ['README', 'readme', false],
    ['a*\n', 'ab\n', true],
  ])('%j and %j: %s', (pattern, name, matches) => {
    expect(globMatcher([pattern])(name)).toBe(matches);
  });

  test('one of several patterns is enough, none matches nothing', () => {
    expect(globMatcher(['*.a', '*.b'])('x.b')).toBe(true);
    expect(globMatcher([])('x.b')).toBe(false);
  });
});

test('a reversed range is no glob', () => {
  expect(isGlob('[z-a]')).toBe(false);
  expect(isGlob('[a-z]*')).toBe(true);
});
