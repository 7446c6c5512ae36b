// The log of a job or a set as its pods have it.
import { containersOf } from '../../../lib/jobs/attempts';
import type { Call } from '../../../lib/kube/kube';
import type { LogQuery } from '../../../lib/kube/queries';
import type { Pod } from '../../../lib/status/observed';
import type { Context } from '../context';
import { heading, needsHeading, type Chunks, type Piece, type Wish } from './wish';

/** What there is now of what is wanted; undefined when no container has a log (yet, or any more). */
export async function liveLog(
  context: Context,
  { pieces, wish }: { readonly pieces: readonly Piece[]; readonly wish: Wish },
  call: Call,
): Promise<Chunks | undefined> {
  // The first one is opened before anything is answered: an error is told as one, and nothing as nothing.
  for (const [index, piece] of pieces.entries()) {
    const first = await openPiece(context, { piece, wish }, call);
    if (first !== undefined) return joined(context, { first, pieces: pieces.slice(index), wish }, call);
  }
  return undefined;
}

interface Joined {
  readonly first: Chunks;
  /** The first one is of the first piece. */
  readonly pieces: readonly Piece[];
  readonly wish: Wish;
}

async function* joined(context: Context, { first, pieces, wish }: Joined, call: Call): AsyncGenerator<Uint8Array> {
  for (const [index, piece] of pieces.entries()) {
    const chunks = index === 0 ? first : await openPiece(context, { piece, wish }, call);
    if (chunks === undefined) continue;
    if (needsHeading(pieces, wish)) yield heading(piece);
    yield* chunks;
  }
}

/** Undefined when the container has no log (yet, or any more). */
export async function openPiece(
  { kube, settings }: Context,
  { piece, wish }: { readonly piece: Piece; readonly wish: Wish },
  call: Call,
): Promise<Chunks | undefined> {
  const query: LogQuery = {
    container: piece.container,
    ...(wish.follow && { follow: true }),
    ...(wish.tail !== undefined && { tailLines: wish.tail }),
    ...(wish.since !== undefined && { sinceSeconds: wish.since }),
  };
  return kube.logStream({ namespace: settings.namespace, name: piece.pod }, query, call);
}

/** Each container of each attempt, in the order in which they run. */
export function piecesOf(pods: readonly Pod[]): readonly Piece[] {
  return pods.flatMap((pod) => containersOf(pod).map((container) => ({ pod: pod.metadata?.name ?? '', container })));
}
