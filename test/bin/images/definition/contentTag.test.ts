import { createHash } from 'node:crypto';
import { contentTag, type Entry } from '../../../../bin/images/definition/contentTag';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const file = (path: string, text = path): Entry => ({ path, mode: '100644', digest: digestOf(text) });

test('is the beginning of a SHA-256 over lines that anybody can write', () => {
  const lines = `100644 ${digestOf('A')} a\u0000100644 ${digestOf('B')} b\u0000`;
  expect(contentTag([file('b', 'B'), file('a', 'A')], {})).toBe(digestOf(lines).slice(0, 12));
});

test('does not depend on the order in which files are found, and sorts by bytes', () => {
  const names = ['a/b', 'a-b', 'ab', 'B', 'é', 'z', '𝒳', '\uffee'];
  const tags = [names, names.toReversed()].map((each) =>
    contentTag(
      each.map((name) => file(name)),
      {},
    ),
  );
  expect(tags[0]).toBe(tags[1]);
  const sorted = names.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  const lines = sorted.map((name) => `100644 ${digestOf(name)} ${name}\0`).join('');
  expect(tags[0]).toBe(digestOf(lines).slice(0, 12));
});

test.each<[string, readonly Entry[], Record<string, string>]>([
  ['a name', [file('b', 'A')], {}],
  ['contents', [file('a', 'B')], {}],
  ['a mode', [{ ...file('a', 'A'), mode: '100755' }], {}],
  ['one that became a link', [{ ...file('a', 'A'), mode: '120000' }], {}],
  ['one more', [file('a', 'A'), file('b', '')], {}],
  ['a build argument', [file('a', 'A')], { A: '1' }],
])('%s changes it', (_what, entries, args) => {
  expect(contentTag(entries, args)).not.toBe(contentTag([file('a', 'A')], {}));
});

test('arguments are told by name, in any order', () => {
  expect(contentTag([], { A: '1', B: '2' })).toBe(contentTag([], { B: '2', A: '1' }));
  expect(contentTag([], { A: '1', B: '2' })).not.toBe(contentTag([], { A: '2', B: '1' }));
});
