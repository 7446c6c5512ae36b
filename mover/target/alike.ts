// Whether what lies in a folder is what an archive's header says of it.
import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import type { Header } from 'tar-stream';

const MODE_BITS = 0o7777;

/** Archives keep whole seconds. */
const SAME_TIME_MS = 1_000;

export function isAlike(header: Header, place: Buffer): boolean {
  const stats = lstatSync(place);
  if (kindOf(stats) !== header.type || !isSameOwner(header, stats)) return false;
  if (header.type === 'symlink') return readlinkSync(place) === header.linkname;
  if (!isSameMode(header, stats)) return false;
  return header.type === 'directory' || (isSameTime(header, stats) && isSameLength(header, stats));
}

function isSameLength({ type, size }: Header, stats: Stats): boolean {
  return type !== 'file' || stats.size === size;
}

/** Only root may give files away. */
function isSameOwner({ uid, gid }: Header, stats: Stats): boolean {
  return process.getuid?.() !== 0 || (stats.uid === uid && stats.gid === gid);
}

function isSameMode({ mode }: Header, stats: Stats): boolean {
  return (stats.mode & MODE_BITS) === (mode & MODE_BITS);
}

function isSameTime({ mtime }: Header, { mtimeMs }: Stats): boolean {
  return Math.abs(mtimeMs - (mtime?.getTime() ?? 0)) < SAME_TIME_MS;
}

function kindOf(stats: Stats): Header['type'] | 'special' {
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  return stats.isFile() ? 'file' : 'special';
}

/** A pipe or a device: it must not be opened, as that might wait for ever. */
export function isSpecial(place: Buffer): boolean {
  return kindOf(lstatSync(place)) === 'special';
}

const UNREADABLE = '\uFFFD';

/** Undefined when it is not there. A name that is no UTF-8 arrives with marks in it: it is found by how it reads. */
export function locate(target: string, name: string): Buffer | undefined {
  let place = Buffer.from(target);
  for (const step of name.split('/').filter((each) => each !== '')) {
    const found = step.includes(UNREADABLE) ? byReading(place, step) : Buffer.from(step);
    if (found === undefined) return undefined;
    place = Buffer.concat([place, Buffer.from('/'), found]);
  }
  return lstatSync(place, { throwIfNoEntry: false }) === undefined ? undefined : place;
}

function byReading(folder: Buffer, step: string): Buffer | undefined {
  return readdirSync(folder, { encoding: 'buffer' }).find((name) => name.toString() === step);
}
