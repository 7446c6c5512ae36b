import { section, withSection } from '../../../dev/release/changelog';
import { parseCommit } from '../../../dev/release/commit';

const hash = '0123456789abcdef';
const versions = (text: string) => text.match(/^## .+$/gm);
const commit = (message: string) => parseCommit(hash, message)!;

test.each([
  ['feat(jobs): run jobs', { type: 'feat', scope: 'jobs', subject: 'run jobs', breaking: [], upgrade: [] }],
  ['fix: mend it', { type: 'fix', scope: undefined, subject: 'mend it' }],
  ['feat(jobs,reaper)!: drop a key', { scope: 'jobs,reaper', breaking: ['drop a key'] }],
  [
    'perf(kube): ask less\n\nWhy: it was slow.\n\nBREAKING CHANGE: the key a is\ngone.\n\nUpgrade: say b instead\n',
    { type: 'perf', breaking: ['the key a is gone.'], upgrade: ['say b instead'] },
  ],
  [
    'fix(a)!: short\n\nBREAKING CHANGE: long\nUpgrade: first\nUpgrade: second',
    { breaking: ['long'], upgrade: ['first', 'second'] },
  ],
  [
    'fix(a): short\n\nBREAKING CHANGE: it is\ngone\nUpgrade: say b,\n\nUpgrade: and\nc: d\nSigned-off-by: A <a@example.org>\nFixes #12\n',
    { breaking: ['it is gone'], upgrade: ['say b,', 'and c: d'] },
  ],
])('%j is read', (message, expected) => {
  expect(parseCommit(hash, message)).toMatchObject(expected);
});

test.each(['Merge branch a', 'no convention', 'feat(jobs) run', 'Feat: x', 'feat:x', ''])(
  '%j is no entry',
  (message) => {
    expect(parseCommit(hash, message)).toBeUndefined();
  },
);

test('a section tells what users and operators notice, by subject', () => {
  const commits = [
    commit('feat(status): tell hubs'),
    commit('test(jobs): more'),
    commit('feat(bench): measure it'),
    commit('feat(jobs): run <image> by *name*'),
    commit('fix(jobs)!: drop a key\n\nUpgrade: say b'),
  ];
  expect(section({ version: '1.2.0', date: '2026-11-29', commits })).toBe(`## 1.2.0 (2026-11-29)

### No longer as before

- **jobs**: drop a key

### When you upgrade

- **jobs**: say b

### New

- **jobs**: run \\<image\\> by \\*name\\* (0123456)
- **status**: tell hubs (0123456)

### Fixed

- **jobs**: drop a key (0123456)
`);
});

test('nothing to notice is said', () => {
  const text = section({ version: '1.0.0', date: '2026-11-29', commits: [commit('test: more')] });
  expect(text).toBe('## 1.0.0 (2026-11-29)\n\nNothing that users or operators notice.\n');
});

test('a new version comes above the others, the same one in place of itself', () => {
  const first = withSection('', '1.0.0', '## 1.0.0 (a)\n\none\n');
  const second = withSection(first, '1.1.0', '## 1.1.0 (b)\n\ntwo\n');
  const again = withSection(second, '1.1.0', '## 1.1.0 (c)\n\nthree\n');
  expect(versions(second)).toEqual(['## 1.1.0 (b)', '## 1.0.0 (a)']);
  expect(versions(again)).toEqual(['## 1.1.0 (c)', '## 1.0.0 (a)']);
  expect(again.match(/^# Changelog$/gm)).toHaveLength(1);
  expect(withSection(again, '1.1.0', '## 1.1.0 (c)\n\nthree\n')).toBe(again);
});
