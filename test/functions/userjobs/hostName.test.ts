import { bracketed, isHostName } from '../../../functions/userjobs/hostName';

test.each([
  'node1',
  'login.example.org',
  'a-b.c',
  '127.0.0.1',
  '10.250.0.1',
  '::1',
  'fe80::1',
  '1:2:3:4:5:6:7:8',
  '::',
  'n1.2',
])('%s is a machine', (text) => expect(isHostName(text)).toBe(true));

test.each([
  '',
  '-oProxyCommand=id',
  '-l',
  'node-',
  'a b',
  'a;id',
  'a$(id)',
  '`id`',
  "a'b",
  'a\nb',
  'user@node',
  'node:22',
  'node/',
  'a..b',
  '.a',
  'a.',
  'ä',
  '*',
  '256.1.1.1',
  '1.2.3',
  '1.2.3.4.5',
  '01.2.3.4',
  '1::2::3',
  ':::',
  '1:2:3',
  'fe80::1%eth0',
  '::ffff:1.2.3.4',
  '12345::',
  'x'.repeat(64),
  `${'a.'.repeat(127)}aa`,
])('%j is none', (text) => expect(isHostName(text)).toBe(false));

test('an address with colons is put in brackets before a port', () => {
  expect([bracketed('::1'), bracketed('node1')]).toEqual(['[::1]', 'node1']);
});
