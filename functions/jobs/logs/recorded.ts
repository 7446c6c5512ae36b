// The log of a job from the record that was made before its pods went.
import type { Readable } from 'node:stream';
import { AppError } from '../../../lib/errors';
import { recordedLog, type RecordedPiece } from '../../../lib/jobs/record';
import type { Context } from '../context';
import type { Recorded } from '../record';
import { heading, wantedOf, type Wish } from './wish';

const LINE_BREAK = 10;

/** Undefined when the record has nothing of what is asked for. When lines were written is not recorded: `since` means all. */
export function recordedText(
  { settings }: Context,
  { configMap, record }: Recorded,
  wish: Wish,
): AsyncIterable<Uint8Array> | undefined {
  const pieces = wantedOf(record.attempts, wish);
  const read = (piece: RecordedPiece): Readable | undefined => recordedLog(configMap, piece, settings.recordFolder);
  const kept = pieces.filter(({ key, file }) => key !== undefined || file !== undefined);
  if (kept.length > 0) return texts(pieces, read, wish);
  const lost = pieces.find((piece) => piece.lost !== undefined)?.lost;
  if (lost === undefined) return undefined;
  throw new AppError('log_lost', 410, `The log was lost: ${lost}`);
}

async function* texts(
  pieces: readonly RecordedPiece[],
  read: (piece: RecordedPiece) => Readable | undefined,
  { tail }: Wish,
): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (pieces.length > 1) yield heading(piece);
    const dropped = piece.bytes - piece.keptBytes;
    if (dropped > 0 && tail === undefined) yield Buffer.from(`--- the first ${dropped} bytes were not kept\n`);
    const log = read(piece);
    if (log === undefined) {
      yield Buffer.from(`--- lost: ${piece.lost ?? 'what was kept is out of reach'}\n`);
    } else yield* tail === undefined ? log : fromLine(log, (await linesOf(read(piece))) - tail);
  }
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
