import { matchesPattern, pattern } from '../../../../functions/services/outpost/pattern';

const CASES: readonly (readonly [text: string, value: string, fits: boolean])[] = [
  ['.*@site.example', 'ann@site.example', true],
  ['.*@site.example', 'ann@site.example.org', false],
  ['(?i)ann', 'ANN', true],
  ['*@site.example', 'ann@site.example', true],
  ['*@site.example', 'ann@elsewhere', false],
  ['a+b', 'a+b', true],
  ['[', '[', true],
  ['ann|bob', 'bob', true],
  ['ann|bob', 'bobby', false],
];

test.each(CASES)('pattern %s and value %s: %s', (text, value, fits) => {
  expect(matchesPattern(text, value)).toBe(fits);
});

test.each([
  '(a+)+',
  '(.*)*@x',
  '(a|ab)*',
  '(a{2,})+',
  'x(\\w*)+y',
  '((a+))+',
  '(?:(?:a|aa))+',
  '(a?a)*',
  '.*a.*b.*c.*d.*e',
])('pattern %s, which may take for ever, is refused', (text) => {
  expect(pattern.safeParse(text).error?.issues[0]?.message).toMatch(/for ever/);
});

test.each(['.*g(oogle)*mail.com$', '(ann|bob)@x', '(ann|bob)?', '*@x.org', '^user[0-9]+@x.org$'])(
  'pattern %s is fine',
  (text) => {
    expect(pattern.safeParse(text).success).toBe(true);
  },
);

test('an expression of another language is refused instead of never fitting', () => {
  expect(pattern.safeParse('(?P<name>.*)@x').success).toBe(false);
});

test('a value that is too long to match is refused, not passed by', () => {
  expect(() => matchesPattern('.*', 'a'.repeat(257))).toThrow(/longer than 256/);
});
