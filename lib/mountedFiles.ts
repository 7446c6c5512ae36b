// Files of a folder as a platform mounts them: in folders; or, where it mounts nothing but the keys of Secrets (OpenFaaS), side by side
// in one folder, with `__` in place of each slash.
import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import * as path from 'node:path';

/** A key of a Secret holds no slash. */
export const FLAT_SLASH = '__';

/** The text of a file, `names` from `root` on; undefined when it is there in neither form. */
export async function readMounted(root: string, names: readonly string[]): Promise<string | undefined> {
  const text = await readFile(path.join(root, ...names), 'utf8').catch(missing);
  if (text !== undefined || !names.every(isUnambiguous)) return text;
  return readFile(path.join(root, names.join(FLAT_SLASH)), 'utf8').catch(missing);
}

/** Where each file below a folder is, by its path in there; empty when there is no such folder in either form. */
export async function listMounted(
  root: string,
  names: readonly string[],
  isWanted: (name: string) => boolean,
): Promise<ReadonlyMap<string, string>> {
  const files = await walk(path.join(root, ...names), isWanted);
  return files.size > 0 || !names.every(isUnambiguous) ? files : listFlat(root, names, isWanted);
}

/** Or `a__b` would be taken for the folder `b` in `a`, which may be somebody else's. */
function isUnambiguous(name: string): boolean {
  return !name.includes(FLAT_SLASH);
}

async function listFlat(
  root: string,
  names: readonly string[],
  isWanted: (name: string) => boolean,
): Promise<ReadonlyMap<string, string>> {
  const prefix = [...names, ''].join(FLAT_SLASH);
  const keys = (await readdir(root).catch(missing)) ?? [];
  const below = keys.filter((key) => key.startsWith(prefix));
  const found = below.map((key) => [key.slice(prefix.length).split(FLAT_SLASH), path.join(root, key)] as const);
  const wanted = found.filter(([segments]) => segments.every((name) => name !== '' && isWanted(name)));
  return new Map(wanted.map(([segments, source]) => [segments.join('/'), source]));
}

async function walk(
  folder: string,
  isWanted: (name: string) => boolean,
  prefix = '',
): Promise<ReadonlyMap<string, string>> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(missing)) ?? [];
  // `..data` is the kubelet's own.
  const wanted = entries.filter(({ name }) => !name.startsWith('..') && isWanted(name));
  const found = await Promise.all(
    wanted.map(async (entry) => {
      const source = path.join(folder, entry.name);
      const name = prefix + entry.name;
      return (await isFolder(entry, source))
        ? [...(await walk(source, isWanted, `${name}/`))]
        : [[name, source] as const];
    }),
  );
  return new Map(found.flat());
}

/** Files of a mounted ConfigMap are links. */
async function isFolder(entry: Dirent, source: string): Promise<boolean> {
  return entry.isSymbolicLink() ? (await stat(source)).isDirectory() : entry.isDirectory();
}

/** For `.catch`: what is not there is `undefined`. */
function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
