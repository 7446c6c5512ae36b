import { dnsLabel, hashedLabel, isObjectName, shortHash } from '../../lib/naming';

test('a valid label stays as it is', () => {
  expect(dnsLabel('0123456789abcdef0123456789abcdef-1a2b3c4d', 45)).toBe('0123456789abcdef0123456789abcdef-1a2b3c4d');
});

test.each(['Mixed Case', 'under_score', '-dash', 'a'.repeat(64), 'ünïcödé', '---', ''])(
  'anything else becomes a label: %j',
  (text) => {
    expect(dnsLabel(text)).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
  },
);

test('names that differ only beyond the cut stay different', () => {
  const long = 'x'.repeat(80);
  expect(dnsLabel(`${long}1`)).not.toBe(dnsLabel(`${long}2`));
});

test('alike texts of different identities stay different', () => {
  expect(hashedLabel('a-b-c', ['a-b', 'c'])).not.toBe(hashedLabel('a-b-c', ['a', 'b-c']));
  expect(shortHash('a', 'bc')).not.toBe(shortHash('ab', 'c'));
});

test.each(['a', 'a.b-c', '0', 'a'.repeat(253)])('%s may be the name of an object', (name) => {
  expect(isObjectName(name)).toBe(true);
});

test.each(['', 'A', '../a', '-a', 'a-', 'a/b', 'a'.repeat(254), 7, undefined])('%s may not', (name) => {
  expect(isObjectName(name)).toBe(false);
});
