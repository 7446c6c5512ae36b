// What the history says: commits since the last release, and when the newest was made.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { parseCommit, type Commit } from './commit';

const run = promisify(execFile);
/** Neither is part of a message. */
const [FIELD, RECORD] = ['\u001f', '\u001e'];
const MAX_BYTES = 64 * 1024 * 1024;

/** Newest first; of the whole history when nothing was released yet. */
export async function commitsSince(folder: string, tag: string | undefined): Promise<readonly Commit[]> {
  const range = tag === undefined ? 'HEAD' : `${tag}..HEAD`;
  const text = await git(folder, ['log', '--no-merges', `--format=%H${FIELD}%B${RECORD}`, range]);
  return text.split(RECORD).flatMap((record) => {
    const [hash = '', message = ''] = record.trim().split(FIELD);
    return parseCommit(hash, message) ?? [];
  });
}

/** The release before this version: its own tag, when it has one already, is not meant. */
export async function lastTag(folder: string, version: string): Promise<string | undefined> {
  const wanted = ['tag', '--list', 'v*', '--sort=-version:refname', '--merged', 'HEAD'];
  const tags = (await git(folder, wanted)).split('\n');
  return tags.find((tag) => tag !== '' && tag !== `v${version}`);
}

export async function commitTime(folder: string): Promise<Date> {
  return new Date(Number(await git(folder, ['log', '-1', '--format=%ct'])) * 1000);
}

async function git(folder: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', [...args], { cwd: folder, maxBuffer: MAX_BYTES });
  return stdout.trim();
}
