// The mover's decisions as tables: requests, losses, changes, the policy, words of restic, progress and result.
import { failureOf, failureOfRestore, type Failure, type Reason } from '../../mover/failure';
import { createProgress } from '../../mover/progress';
import { requestSchema } from '../../mover/request';
import { resultText } from '../../mover/result';
import { changedBetween, judgeChanges, judgeSource, type Expected } from '../../mover/source/judge';
import type { Sight } from '../../mover/source/walk';
import { ancestorsOf, asPattern } from '../../mover/target/paths';
import { keepArguments, mayGo } from '../../mover/verbs/retention';
import { tagArguments, type Snapshot } from '../../mover/restic/snapshots';
import { isAuthorized } from '../../mover/serve/token';

const ASKED = { verb: 'restore', user: 'ada', claim: 'claim-ada' };

test.each([
  ['/a//b/./c/', 'a/b/c'],
  ['ü b/[x]', 'ü b/[x]'],
])('path %s is %s', (path, expected) => {
  expect(requestSchema.parse({ ...ASKED, path }).path).toBe(expected);
});

test.each([
  [{ path: '../x' }],
  [{ path: 'a/../../x' }],
  [{ path: 'a\0b' }],
  [{ snapshot: '--help' }],
  [{ snapshot: 'abc' }],
  [{ tags: { 'a,b': 'c' } }],
  [{ tags: { a: 'b,c' } }],
  [{ keep: { last: -1 } }],
  [{ keep: { hourly: 1 } }],
  [{ drillSample: 0 }],
  [{ drillSample: 1.5 }],
  [{ treeDigest: 'abc' }],
  [{ unknown: true }],
])('%j is no request', (wrong) => {
  expect(requestSchema.safeParse({ ...ASKED, ...wrong }).success).toBe(false);
});

/** Undefined when nothing is thrown. */
function reasonOf(judge: () => void): Reason | undefined {
  try {
    judge();
    return undefined;
  } catch (error) {
    return (error as Failure).reason;
  }
}

const SIGHT: Sight = { files: 100, bytes: 1000, sparse: 0, newestMs: 5, changedSince: 0, fingerprint: 1 };

test.each<[Partial<Sight>, Partial<Expected>, string | undefined]>([
  [{ files: 0 }, {}, 'SourceEmpty'],
  [{ files: 0 }, { mayShrink: true }, 'SourceEmpty'],
  [{ files: 9 }, { files: 100 }, 'SourceTruncated'],
  [{ files: 10 }, { files: 100 }, undefined],
  [{ files: 9 }, { files: 100, mayShrink: true }, undefined],
  [{ files: 9 }, { minFiles: 100 }, 'SourceTruncated'],
  [{ files: 1 }, { files: 9 }, undefined],
  [{ bytes: 0 }, { bytes: 1 }, 'SourceTruncated'],
  [{ bytes: 0 }, { bytes: 0 }, undefined],
])('a source of %j where %j was: %s', (sight, expected, reason) => {
  const judge = (): void => judgeSource({ ...SIGHT, ...sight }, { mayShrink: false, ...expected });
  expect(reasonOf(judge)).toBe(reason);
});

test.each<[Partial<Sight>, number]>([
  [{}, 0],
  [{ changedSince: 7 }, 0],
  [{ fingerprint: 2 }, 1],
  [{ fingerprint: 2, changedSince: 7 }, 7],
  [{ fingerprint: 2, files: 90 }, 10],
])('a second look that shows %j means %i changes', (after, changed) => {
  expect(changedBetween(SIGHT, { ...SIGHT, ...after })).toBe(changed);
});

test.each([
  [100, 100, false, undefined],
  [101, 100, false, 'FilesChanged'],
  [1000, 10_000, false, undefined],
  [1001, 10_000, false, 'FilesChanged'],
  [1001, 10_000, true, undefined],
])('%i changes among %i files, allowed %s: %s', (changed, files, mayChange, reason) => {
  expect(reasonOf(() => judgeChanges(changed, files, mayChange))).toBe(reason);
});

const snapshot = (id: string, ...tags: readonly string[]): Snapshot => {
  return { id, time: '2026-01-01T00:00:00Z', tree: 't', paths: ['/source'], hostname: 'claim', tags: [...tags] };
};

it('the newest, held and protected snapshots stay whatever restic would remove', () => {
  const all = [snapshot('a1'), snapshot('b2', 'hold'), snapshot('c3'), snapshot('d4')];
  expect(mayGo(all, ['a1', 'b2', 'c3', 'd4'], 'c3').map(({ id }) => id)).toEqual(['a1']);
  expect(mayGo(all, ['c3'], 'latest').map(({ id }) => id)).toEqual(['c3']);
  expect(mayGo([], ['c3'], 'latest')).toEqual([]);
});

it('a policy always keeps one', () => {
  expect(keepArguments({})).toEqual(['--keep-last', '1', '--keep-tag', 'hold']);
  expect(keepArguments({ daily: 7, last: 0 })).toEqual(['--keep-daily', '7', '--keep-last', '1', '--keep-tag', 'hold']);
});

it('a hold is a tag without a value', () => {
  expect(tagArguments({ hold: 'legal', a: 'b' })).toEqual(['--tag', 'hold', '--tag', 'a=b']);
  expect(tagArguments({ hold: 'false' })).toEqual([]);
});

test.each([
  ['Fatal: wrong password or no key found', 'WrongKey'],
  [
    'Fatal: unable to open config file: stat /r/config: no such file or directory\nIs there a repository at the following location?',
    'NoRepository',
  ],
  [
    'Fatal: repository does not exist: unable to open config file: stat /r/config: no such file or directory',
    'NoRepository',
  ],
  [
    'Fatal: unable to open config file: Stat: The specified key does not exist.\nIs there a repository at the following location?',
    'NoRepository',
  ],
  [
    'Fatal: unable to open config file: Stat: The specified bucket does not exist.\nIs there a repository at the following location?',
    'RepositoryUnreachable',
  ],
  [
    'Fatal: unable to open config file: Stat: something new\nIs there a repository at the following location?',
    'RepositoryUnreachable',
  ],
  [
    'Fatal: unable to open config file: stat /r/config: permission denied\nIs there a repository at the following location?',
    'RepositoryUnreachable',
  ],
  [
    'unable to create lock in backend: repository is already locked exclusively by PID 7 on pod by root (UID 0, GID 0)',
    'RepositoryLocked',
  ],
  ['unable to create lock in backend: open /r/locks/x: no space left on device', 'RepositoryFull'],
  ['Fatal: repository contains errors', 'RepositoryDamaged'],
  ['ciphertext verification failed', 'RepositoryDamaged'],
  ['dial tcp 10.0.0.1:9000: connect: connection refused', 'RepositoryUnreachable'],
  ['something new', 'Unknown'],
  ['', 'Unknown'],
])('restic says %j: %s', (said, reason) => {
  expect(failureOf(said).reason).toBe(reason);
});

it('a full target is told from a full repository by the path', () => {
  expect(failureOfRestore('write /target/x: no space left on device', '/target').reason).toBe('TargetFull');
  expect(failureOfRestore('open /repository/locks/x: no space left on device', '/target').reason).toBe(
    'RepositoryFull',
  );
});

it('a path is one pattern, and is led to by its folders', () => {
  expect(asPattern('/source/[a]*?\\b')).toBe('/source/\\[a\\]\\*\\?\\\\b');
  expect(ancestorsOf('/source', 'a/b/c')).toEqual(['/source', '/source/a', '/source/a/b']);
  expect(ancestorsOf('/source', 'c')).toEqual(['/source']);
});

it('progress comes at changes of the phase, every two seconds, and at the end', () => {
  const lines: { readonly progress: object }[] = [];
  let now = 0;
  const progress = createProgress(
    (line) => void lines.push(JSON.parse(line) as { progress: object }),
    () => now,
  );
  progress.tell('look');
  for (; now < 5_000; now += 100) progress.tell('backup', { bytes: now, totalBytes: 6_000 });
  progress.tell('backup', { bytes: 6_000, totalBytes: 6_000 });
  expect(lines.map(({ progress: each }) => each)).toMatchObject([
    { phase: 'look' },
    { phase: 'backup', bytes: 0, rate: 0 },
    { phase: 'backup', bytes: 2_000, rate: 1_000 },
    { phase: 'backup', bytes: 4_000, rate: 1_000 },
    { phase: 'backup', bytes: 6_000 },
  ]);
});

it('a result fits into 4096 bytes: messages are cut, the oldest snapshots left out', () => {
  const failed = resultText({
    outcome: 'failed',
    reason: 'Unknown',
    message: '\u0001☃'.repeat(5_000),
    files: 0,
    bytes: 0,
    added: 0,
    seconds: 1,
  });
  expect(Buffer.byteLength(failed)).toBeLessThanOrEqual(4096);
  expect(JSON.parse(failed)).toMatchObject({ outcome: 'failed' });
  const snapshots = Array.from({ length: 300 }, (_, index) => ({
    id: String(index).padStart(32, '0'),
    time: '2026-01-01T00:00:00.000Z',
  }));
  const text = resultText({ outcome: 'done', files: 0, bytes: 0, added: 0, total: 300, snapshots, seconds: 1 });
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096);
  const listed = (JSON.parse(text) as { snapshots: { id: string }[] }).snapshots;
  expect(listed.length).toBeGreaterThan(30);
  expect(Number(listed[0]?.id)).toBe(0);
});

test.each([
  ['Bearer t0ken', true],
  ['bearer t0ken', true],
  ['Bearer t0ken2', false],
  ['Basic t0ken', false],
  [undefined, false],
])('%s is authorized: %s', (authorization, expected) => {
  expect(isAuthorized(authorization, 't0ken')).toBe(expected);
});
