// The log of a job or a set while it is written: from where it is now to the end of the attempt, of all attempts, of all stages.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from '../../../lib/kube/kube';
import type { Context } from '../context';
import { notFound, type Sought } from '../find';
import { findRecord } from '../record';
import { openPiece } from './live';
import { recordedText } from './recorded';
import { isLast, type Source } from './source';
import { heading, keyOf, needsHeading, wantedOf, type Chunks, type Piece, type Wish } from './wish';

interface Following {
  readonly sought: Sought;
  readonly source: Source;
  readonly wish: Wish;
  /** Keys of the pieces that were read. */
  readonly read: Set<string>;
}

/** What can be read next, perhaps nothing yet. */
interface Turn {
  readonly chunks?: Chunks | undefined;
  /** Nothing follows on it. */
  readonly isLast: boolean;
}

const FIRST_PAUSE_MS = 500;
/** Who has waited for long already waits a little longer. */
const PAUSE_GROWTH = 1.2;
const LONGEST_PAUSE_MS = 5_000;

/** Waits for what has not begun. An error of the first turn is told as one, before anything is answered. */
export async function followedLog(context: Context, asked: Omit<Following, 'read'>, call: Call): Promise<Chunks> {
  const following = { ...asked, read: new Set<string>() };
  return turns(context, following, { first: await nextTurn(context, following, call), call });
}

async function* turns(
  context: Context,
  following: Following,
  { first, call }: { readonly first: Turn; readonly call: Call },
): AsyncGenerator<Uint8Array> {
  let pauseMs = FIRST_PAUSE_MS;
  for (let turn = first; ; turn = await nextTurn(context, following, call)) {
    if (turn.chunks !== undefined) yield* turn.chunks;
    if (turn.isLast) return;
    if (turn.chunks !== undefined) pauseMs = FIRST_PAUSE_MS;
    else {
      await sleep(pauseMs, undefined, call);
      pauseMs = Math.min(pauseMs * PAUSE_GROWTH, LONGEST_PAUSE_MS);
    }
  }
}

async function nextTurn(context: Context, following: Following, call: Call): Promise<Turn> {
  const { source, wish, read } = following;
  const sight = await source.look(call);
  if (sight === undefined) return restOfRecord(context, following, call);
  const pieces = wantedOf(sight.pieces, wish);
  for (const piece of pieces.filter((each) => !read.has(keyOf(each)))) {
    const chunks = await openPiece(context, { piece, wish }, call);
    if (chunks === undefined && !sight.ended.has(piece.pod)) break;
    // What an attempt that is over does not have by now never comes; the next one has its own.
    read.add(keyOf(piece));
    if (chunks !== undefined)
      return { chunks: needsHeading(pieces, wish) ? headed(heading(piece), chunks) : chunks, isLast: false };
  }
  return { isLast: isLast(sight, wish) || isAllRead(pieces, following) };
}

/** Of one job or stage; of a whole set, or of all attempts, something may follow. */
function isAllRead(pieces: readonly Piece[], { wish, read }: Following): boolean {
  const isOne = wish.stage !== undefined || pieces.every(({ stage }) => stage === undefined);
  return isOne && wish.attempt !== 'all' && pieces.length > 0 && pieces.every((piece) => read.has(keyOf(piece)));
}

async function* headed(first: Buffer, chunks: Chunks): AsyncGenerator<Uint8Array> {
  yield first;
  yield* chunks;
}

/** The job was reaped meanwhile: its record has what was not read yet. */
async function restOfRecord(context: Context, { sought, wish, read }: Following, call: Call): Promise<Turn> {
  const recorded = await findRecord(context, sought, call);
  if (recorded !== undefined) return { chunks: recordedText(context, recorded, { wish, known: read }), isLast: true };
  if (read.size > 0) return { isLast: true };
  throw notFound();
}
