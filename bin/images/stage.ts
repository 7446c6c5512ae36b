// The build context as a folder of its own: exactly what the tag tells, with the same modes and times wherever it is made.
import { chmod, copyFile, lutimes, mkdir, mkdtemp, rm, symlink, readlink, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '../../lib/errors';
import { contentTag } from './definition/contentTag';
import { readTree, type Found } from './definition/tree';
import { hasErrno } from './errno';

/** Of every file: when somebody has written it is no part of what is in it. */
const EPOCH = new Date(0);

/** Hands the folder to `use`, and removes it. */
export async function withContext<T>(files: readonly Found[], use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'hubfn-image-'));
  try {
    await copyInto(folder, files);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function copyInto(folder: string, files: readonly Found[]): Promise<void> {
  const folders = new Set<string>();
  for (const file of files) {
    const target = join(folder, file.path);
    await mkdir(dirname(target), { recursive: true });
    for (let path = dirname(file.path); path !== '.'; path = dirname(path)) folders.add(join(folder, path));
    await copy(file, target);
  }
  await checkSame(folder, files);
  for (const path of folders) {
    await chmod(path, 0o755);
    await utimes(path, EPOCH, EPOCH);
  }
}

/** Where a file was there is nothing by now, or something else. */
const GONE = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EINVAL', 'ELOOP'];

async function copy(file: Found, target: string): Promise<void> {
  try {
    await copyAs(file, target);
  } catch (error) {
    throw hasErrno(error, ...GONE) ? changed() : error;
  }
}

async function copyAs({ source, mode }: Found, target: string): Promise<void> {
  if (mode === '120000') {
    await symlink(await readlink(source), target);
    await lutimes(target, EPOCH, EPOCH);
    return;
  }
  await copyFile(source, target);
  await chmod(target, mode === '100755' ? 0o755 : 0o644);
  await utimes(target, EPOCH, EPOCH);
}

/** An editor may have written in between, and the image would not be what its tag says. */
async function checkSame(folder: string, files: readonly Found[]): Promise<void> {
  const { value: copied } = await readTree({ root: folder, path: '' });
  if (contentTag(copied, {}) !== contentTag(files, {})) throw changed();
}

function changed(): AppError {
  return new AppError('context_changed', 409, 'its files have changed since they were read; run it again');
}
