// Looks at every entry of a folder without reading any file: how much there is, how new it is, and whether it is still the same.
import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

export interface Sight {
  /** Everything but folders, and sockets, which nobody can restore. */
  readonly files: number;
  readonly bytes: number;
  /** Files that occupy less than their length. */
  readonly sparse: number;
  /** Latest time of change of content or attributes, in milliseconds since 1970. */
  readonly newestMs: number;
  /** Entries whose attributes or content changed after the time that was asked for. */
  readonly changedSince: number;
  /** Differs when anything appeared, changed or is gone. */
  readonly fingerprint: number;
}

/** What a restore works in; left behind by one that was killed. */
export const OURS = '.hub-functions-restore';
/** At the root of a claim. File systems make the other one. */
export const NOT_A_USERS: readonly string[] = ['lost+found', OURS];

export function isUsers(name: string): boolean {
  return !NOT_A_USERS.includes(name);
}

const BLOCK_BYTES = 512;

/** Names are bytes: what is no UTF-8 is a file all the same. `sinceMs` is of the file system's own clock. */
export async function walk(folder: string, sinceMs = Number.POSITIVE_INFINITY): Promise<Sight> {
  const tally = { files: 0, bytes: 0, sparse: 0, newestMs: 0, changedSince: 0, fingerprint: 0 };
  const left = new Set(NOT_A_USERS.map((name) => join(folder, name)));
  const folders: Buffer[] = [Buffer.from(folder)];
  count(tally, { path: Buffer.from(folder), stats: lstatSync(folder), sinceMs });
  for (let path = folders.pop(); path !== undefined; path = folders.pop()) {
    for (const entry of entriesOf(path)) {
      if (left.has(entry.toString())) continue;
      const stats = statsOf(entry);
      if (stats === undefined) continue;
      count(tally, { path: entry, stats, sinceMs });
      if (stats.isDirectory()) folders.push(entry);
    }
    await turn();
  }
  return tally;
}

interface Seen {
  readonly path: Buffer;
  readonly stats: Stats;
  readonly sinceMs: number;
}

type Tally = { -readonly [Key in keyof Sight]: Sight[Key] };

function count(tally: Tally, { path, stats, sinceMs }: Seen): void {
  const { size, blocks, ctimeMs, mtimeMs } = stats;
  if (!stats.isDirectory() && !stats.isSocket()) tally.files += 1;
  if (stats.isFile()) {
    tally.bytes += size;
    if (blocks * BLOCK_BYTES < size) tally.sparse += 1;
  }
  tally.newestMs = Math.max(tally.newestMs, ctimeMs, mtimeMs);
  if (ctimeMs > sinceMs) tally.changedSince += 1;
  const attributes = Buffer.from(`${size} ${ctimeMs} ${mtimeMs} ${stats.ino} ${stats.mode}`);
  // A sum, so that the order in which entries come does not matter.
  tally.fingerprint = (tally.fingerprint + digest(attributes, digest(path, 0x811c9dc5))) % Number.MAX_SAFE_INTEGER;
}

/** FNV-1a, as two files that changed need not be told from a crafted pair. */
function digest(bytes: Buffer, seed: number): number {
  let hash = seed;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** What is gone by now, or may not be read, is told by restic. */
export function entriesOf(folder: Buffer): readonly Buffer[] {
  try {
    const names = readdirSync(folder, { encoding: 'buffer' });
    return names.map((name) => Buffer.concat([folder, Buffer.from('/'), name]));
  } catch {
    return [];
  }
}

export function statsOf(path: Buffer): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}
