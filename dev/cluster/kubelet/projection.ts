// Writes the files of a ConfigMap, Secret or projected volume so that they all change at once: behind a swapped link.
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

export interface ProjectedFile {
  readonly content: Buffer;
  readonly mode: number;
}

/** Relative path → file. */
export type Projection = ReadonlyMap<string, ProjectedFile>;

const DATA_LINK = '..data';

/** Answers whether anything changed. */
export function writeProjection(folder: string, files: Projection): boolean {
  mkdirSync(folder, { recursive: true });
  const before = currentFolder(folder);
  if (before !== undefined && isWritten(join(folder, before), files)) return false;
  const next = mkdtempSync(`${folder}/..`);
  chmodSync(next, 0o755);
  for (const [path, { content, mode }] of files) {
    mkdirSync(dirname(join(next, path)), { recursive: true });
    writeFileSync(join(next, path), content);
    // A mode given at creation would be cut by the umask.
    chmodSync(join(next, path), mode);
  }
  swapLink(folder, next);
  linkNames(folder, files);
  if (before !== undefined) rmSync(join(folder, before), { recursive: true, force: true });
  return true;
}

function currentFolder(folder: string): string | undefined {
  try {
    return readlinkSync(join(folder, DATA_LINK));
  } catch {
    return undefined; // Written for the first time.
  }
}

function isWritten(folder: string, files: Projection): boolean {
  const written = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  if (written.length !== files.size) return false;
  return [...files].every(([path, { content }]) => isSame(join(folder, path), content));
}

function isSame(path: string, content: Buffer): boolean {
  try {
    return readFileSync(path).equals(content);
  } catch {
    return false;
  }
}

/** Renaming a link over another is atomic: readers see the old files or the new ones. */
function swapLink(folder: string, next: string): void {
  const link = join(folder, '..data_tmp');
  rmSync(link, { force: true });
  symlinkSync(next.slice(folder.length + 1), link);
  renameSync(link, join(folder, DATA_LINK));
}

function linkNames(folder: string, files: Projection): void {
  const names = new Set([...files.keys()].map((path) => path.split('/')[0] ?? path));
  for (const name of readdirSync(folder)) {
    if (!name.startsWith('..') && !names.has(name)) rmSync(join(folder, name), { force: true });
    names.delete(name);
  }
  for (const name of names) symlinkSync(join(DATA_LINK, name), join(folder, name));
}
