// The log of a job or a set from the record that was made before its pods went.
import type { Readable } from 'node:stream';
import { AppError } from '../../../lib/errors';
import { recordedLog, type RecordedPiece } from '../../../lib/jobs/record';
import type { Context } from '../context';
import type { Recorded } from '../record';
import { heading, keyOf, needsHeading, wantedOf, type Chunks, type Wish } from './wish';

const LINE_BREAK = 10;

interface RecordedWish {
  readonly wish: Wish;
  /** Keys of the pieces that are left out. */
  readonly known?: ReadonlySet<string>;
}

const NOTHING: ReadonlySet<string> = new Set();

/** Undefined when the record has nothing of what is asked for. When lines were written is not recorded: `since` means all. */
export function recordedText(
  { settings }: Context,
  { configMap, record }: Recorded,
  { wish, known = NOTHING }: RecordedWish,
): Chunks | undefined {
  const pieces = wantedOf(record.attempts, wish).filter((piece) => !known.has(keyOf(piece)));
  if (!pieces.some(hadLog)) return undefined;
  const read = (piece: RecordedPiece): Readable | undefined => recordedLog(configMap, piece, settings.recordFolder);
  if (pieces.some((piece) => isKept(piece) || piece.lost === undefined)) return texts(pieces, read, wish);
  throw new AppError('log_lost', 410, `The log was lost: ${pieces[0]?.lost}`);
}

/** Of a container that ran and wrote nothing it is an empty one. */
function hadLog({ bytes, startedAt, lost }: RecordedPiece): boolean {
  return bytes > 0 || startedAt !== undefined || lost !== undefined;
}

function isKept({ key, file }: RecordedPiece): boolean {
  return key !== undefined || file !== undefined;
}

async function* texts(
  pieces: readonly RecordedPiece[],
  read: (piece: RecordedPiece) => Readable | undefined,
  wish: Wish,
): AsyncGenerator<Uint8Array> {
  const { tail } = wish;
  for (const piece of pieces) {
    if (needsHeading(pieces, wish)) yield heading(piece);
    const dropped = piece.bytes - piece.keptBytes;
    if (dropped > 0 && tail === undefined) yield Buffer.from(`--- the first ${dropped} bytes were not kept\n`);
    const log = read(piece);
    if (log !== undefined) yield* tail === undefined ? log : fromLine(log, (await linesOf(read(piece))) - tail);
    else if (isKept(piece)) yield lossOf('what was kept is out of reach');
    if (piece.lost !== undefined) yield lossOf(piece.lost);
  }
}

function lossOf(why: string): Buffer {
  return Buffer.from(`--- lost: ${why}\n`);
}

async function linesOf(log: Readable | undefined): Promise<number> {
  let lines = 0;
  let last = LINE_BREAK;
  for await (const chunk of log ?? []) {
    for (const byte of chunk as Uint8Array) if (byte === LINE_BREAK) lines += 1;
    last = (chunk as Uint8Array).at(-1) ?? last;
  }
  return last === LINE_BREAK ? lines : lines + 1;
}

async function* fromLine(log: Readable, skipped: number): AsyncGenerator<Uint8Array> {
  let left = skipped;
  for await (const chunk of log) {
    const bytes = chunk as Uint8Array;
    let from = 0;
    while (left > 0 && from < bytes.length) {
      const end = bytes.indexOf(LINE_BREAK, from);
      if (end === -1) from = bytes.length;
      else [from, left] = [end + 1, left - 1];
    }
    if (from < bytes.length) yield bytes.subarray(from);
  }
}
