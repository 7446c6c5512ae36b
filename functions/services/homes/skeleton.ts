// Copies a skeleton: files, folders and links that stay inside, without what the globs leave out. It never reads outside of it.
import { constants } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, readdir, readlink, realpath, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { AppError } from '../../../lib/errors';

interface Skeleton {
  readonly root: string;
  readonly isLeftOut: (name: string) => boolean;
  /** Already behind a link that was replaced by what it points to. */
  readonly isBehindLink: boolean;
}

export async function copySkeleton(from: string, to: string, isIgnored: (name: string) => boolean): Promise<void> {
  const root = await realpath(from).catch(missing);
  if (root === undefined) {
    await mkdir(to, { mode: 0o700 });
    return;
  }
  // Kubernetes keeps the versions of a mounted ConfigMap in folders named `..<time>` and a link `..data`.
  const isLeftOut = (name: string): boolean => name.startsWith('..') || isIgnored(name);
  await copyFolder({ root, isLeftOut, isBehindLink: false }, root, to);
}

/** For `.catch`: a file that is not there is `undefined`. */
export function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

async function copyFolder(skeleton: Skeleton, from: string, to: string): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  for (const name of await readdir(from))
    if (!skeleton.isLeftOut(name)) await copyEntry(skeleton, join(from, name), join(to, name));
  // A folder its owner cannot enter or empty is of no use in a home, and could not be removed after a failure.
  await chmod(to, ((await lstat(from)).mode & 0o777) | 0o700);
}

async function copyEntry(skeleton: Skeleton, from: string, to: string): Promise<void> {
  const entry = await lstat(from);
  if (entry.isDirectory()) await copyFolder(skeleton, from, to);
  else if (entry.isFile()) await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  else if (entry.isSymbolicLink()) await copyLink(skeleton, from, to);
}

/** A link whose target is not copied would dangle, so its content takes its place. */
async function copyLink(skeleton: Skeleton, from: string, to: string): Promise<void> {
  const target = resolve(dirname(from), await readlink(from));
  const inside = insideOf(skeleton, from, target);
  if (!inside.split(sep).some(skeleton.isLeftOut)) return symlink(relative(dirname(from), target) || '.', to);
  const real = await realpath(from);
  insideOf(skeleton, from, real);
  if (skeleton.isBehindLink) throw refused(relative(skeleton.root, from), 'points to something that is left out');
  await copyEntry({ ...skeleton, isBehindLink: true }, real, to);
}

function insideOf({ root }: Skeleton, link: string, target: string): string {
  const path = relative(root, target);
  if (path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path))
    throw refused(relative(root, link), 'leads out of the skeleton');
  return path;
}

/** `link` is the path below the skeleton: the text reaches users, who need not know the folders of the server. */
function refused(link: string, why: string): AppError {
  return new AppError(
    'skeleton_link',
    500,
    `The link ${link} in the skeleton ${why}: put a copy of the file into the skeleton instead.`,
  );
}
