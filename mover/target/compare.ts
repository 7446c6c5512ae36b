// Compares a folder with an archive, entry by entry: kind, length, mode, owner, time, link, and the SHA-256 of what is in it.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { isAlike, isSpecial, locate } from './alike';

export interface Comparison {
  readonly target: string;
  /** What the archive's paths begin with. */
  readonly prefix: string;
  /** Kinds of what is neither folder, file nor link, by path. */
  readonly specials: ReadonlyMap<string, string>;
  /** Of the files whose contents are compared. */
  readonly share: number;
  readonly tell: (files: number, bytes: number) => void;
}

export interface Compared {
  readonly entries: number;
  /** Entries that are no folders. */
  readonly files: number;
  /** Files whose contents were compared. */
  readonly digests: number;
  readonly different: number;
  readonly example?: string;
}

export async function compareArchive(archive: Readable, comparison: Comparison): Promise<Compared> {
  const tally = { entries: 0, files: 0, digests: 0, different: 0, bytes: 0 };
  const examples: string[] = [];
  const entries = extract();
  const [read] = await Promise.allSettled([
    pipeline(archive, entries),
    (async () => {
      for await (const entry of entries) {
        const { name, isSame, isDigested, isLeftOut } = await compareEntry(entry, comparison);
        if (isLeftOut) continue;
        tally.entries += 1;
        tally.files += entry.header.type === 'directory' ? 0 : 1;
        tally.digests += isDigested ? 1 : 0;
        tally.bytes += entry.header.size ?? 0;
        tally.different += isSame ? 0 : 1;
        if (!isSame && examples.length === 0) examples.push(name);
        comparison.tell(tally.files, tally.bytes);
      }
    })(),
  ]);
  if (read.status === 'rejected') throw read.reason;
  const [example] = examples;
  return { ...tally, ...(example !== undefined && { example }) };
}

interface EntryCompared {
  readonly name: string;
  readonly isSame: boolean;
  readonly isDigested: boolean;
  readonly isLeftOut?: true;
}

/** Belongs to whoever listens at it: no restore makes one. */
const SOCKET = 'socket';

/** As they come from the archive. */
interface Entry extends AsyncIterable<unknown> {
  readonly header: Header;
  readonly resume: () => void;
}

async function compareEntry(entry: Entry, { target, prefix, share, specials }: Comparison): Promise<EntryCompared> {
  const { header } = entry;
  const name = relative(prefix, join('/', header.name));
  const place = locate(target, name);
  const special = specials.get(join('/', header.name));
  if (special !== undefined) {
    entry.resume();
    if (special === SOCKET) return { name, isSame: true, isDigested: false, isLeftOut: true };
    return { name, isSame: place !== undefined && isSpecial(place), isDigested: false };
  }
  const isDigested = header.type === 'file' && isChosen(name, share);
  if (!isDigested || place === undefined || isSpecial(place)) {
    entry.resume();
    return { name, isDigested, isSame: place !== undefined && isAlike(header, place) };
  }
  const [archived, restored] = await Promise.all([digestOf(entry), digestOf(createReadStream(place))]);
  return { name, isDigested, isSame: isAlike(header, place) && archived === restored };
}

/** The same ones each time: by the digest of the name. */
function isChosen(name: string, share: number): boolean {
  if (share >= 1) return true;
  return createHash('sha256').update(name).digest().readUInt32BE() / 2 ** 32 < share;
}

async function digestOf(stream: AsyncIterable<unknown>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
