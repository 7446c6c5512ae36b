// What is in a folder, as git would keep it: files, whether they may be executed, links. Empty folders are nothing.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink, realpath } from 'node:fs/promises';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Entry } from './contentTag';
import type { Faulty } from './faults';
import { isLitter } from './litter';

export interface Found extends Entry {
  /** Where it is on this machine. */
  readonly source: string;
}

export interface Looked {
  /** Nothing may lead out of it. */
  readonly root: string;
  /** A file or a folder in it; the root itself when empty. */
  readonly path: string;
  /** Not looked into. */
  readonly except?: string;
}

/** Paths are relative to the root. */
export async function readTree({ root, path, except }: Looked): Promise<Faulty<readonly Found[]>> {
  const found: Found[] = [];
  const faults: string[] = [];
  const look = async (at: string): Promise<void> => {
    const source = join(root, at);
    const stats = await lstat(source);
    if (stats.isDirectory()) {
      const names = (await readdir(source)).filter((name) => !isLitter(name));
      for (const name of names.toSorted()) if (posix.join(at, name) !== except) await look(posix.join(at, name));
    } else if (stats.isSymbolicLink()) {
      const target = await readlink(source);
      if (await leadsOut(root, source))
        faults.push(
          `${at} is a link out of the folder, to ${target}: builders do not follow it. Copy what it leads to`,
        );
      else found.push({ path: at, source, mode: '120000', digest: createHash('sha256').update(target).digest('hex') });
    } else if (stats.isFile()) {
      const isExecutable = (stats.mode & 0o100) !== 0;
      found.push({ path: at, source, mode: isExecutable ? '100755' : '100644', digest: await digestOf(source) });
    } else {
      faults.push(`${at} is neither a file nor a folder nor a link: remove it`);
    }
  };
  const folder = await realpath(join(root, posix.dirname(path)));
  if (await isInside(root, folder)) await look(path);
  else faults.push(`${path} lies behind a link out of the folder, in ${folder}: put a copy in place of the link`);
  return { value: found, faults };
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Where it really leads, through other links, too; by its words only where nothing is there. */
async function leadsOut(root: string, link: string): Promise<boolean> {
  const isAbsolute = (await readlink(link)).startsWith('/');
  const target = await realpath(link).catch(async () => resolve(dirname(link), await readlink(link)));
  return isAbsolute || !(await isInside(root, target));
}

async function isInside(root: string, path: string): Promise<boolean> {
  return [await realpath(root), resolve(root)].some((folder) => isWithin(folder, path));
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}
