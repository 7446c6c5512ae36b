import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitsSince, commitTime, lastTag } from '../../../dev/release/git';

let folder: string;
const environment = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'test',
  GIT_AUTHOR_EMAIL: 'test@example.org',
  GIT_COMMITTER_NAME: 'test',
  GIT_COMMITTER_EMAIL: 'test@example.org',
};
const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, env: environment, stdio: 'pipe' });
const commit = (message: string, date = '2026-01-02T03:04:05Z') =>
  execFileSync('git', ['commit', '--quiet', '--allow-empty', '--no-gpg-sign', '-m', message], {
    cwd: folder,
    env: { ...environment, GIT_COMMITTER_DATE: date },
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-'));
  git('init', '--quiet', '--initial-branch', 'main');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('commits are those since the last release, newest first', async () => {
  commit('feat: one');
  git('tag', 'v1.2.0');
  commit('feat: two');
  git('tag', 'v1.10.0');
  commit('feat(a): three\n\nBREAKING CHANGE: gone\n');
  commit('no convention');
  commit('fix: four');
  const tag = await lastTag(folder, '1.11.0');
  expect(tag).toBe('v1.10.0');
  expect((await commitsSince(folder, tag)).map(({ subject, breaking }) => [subject, breaking])).toEqual([
    ['four', []],
    ['three', ['gone']],
  ]);
});

test('before the first release it is the whole history, and a version is not its own predecessor', async () => {
  commit('feat: one');
  commit('feat: two');
  git('tag', 'v0.1.0');
  expect(await lastTag(folder, '0.1.0')).toBeUndefined();
  expect(await commitsSince(folder, undefined)).toHaveLength(2);
});

test('the time is that of the newest commit', async () => {
  commit('feat: one', '2026-11-29T12:00:00Z');
  expect((await commitTime(folder)).toISOString()).toBe('2026-11-29T12:00:00.000Z');
});
