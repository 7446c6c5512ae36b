// What of a log is asked for: of a job, or of the stages of a set.
import * as z from 'zod';
import { countText, flagText, secondsText } from '../../../lib/http/queryValues';

export const logsQuery = z.strictObject({
  follow: flagText.default(false),
  tail: countText.optional(),
  /** Seconds. */
  since: secondsText.optional(),
  container: z.string().max(253).optional(),
  /** 1, 2, 3 ... or `all`; the last one when absent. */
  attempt: z.union([z.literal('all'), z.coerce.number().int().min(1)]).optional(),
  /** Of a set: this one alone. */
  stage: z.string().max(63).optional(),
});

export type Wish = z.infer<typeof logsQuery>;

export type Chunks = AsyncIterable<Uint8Array>;

/** The log of one container of one attempt. */
export interface Piece {
  readonly pod: string;
  readonly container: string;
  /** Of a set. */
  readonly stage?: string | undefined;
}

/** Of all pieces in the order in which they ran; attempts are those of their stage. */
export function wantedOf<T extends Piece>(pieces: readonly T[], { attempt, container, stage }: Wish): readonly T[] {
  const isWanted = (piece: T): boolean => {
    if (stage !== undefined && piece.stage !== stage) return false;
    if (container !== undefined && piece.container !== container) return false;
    if (attempt === 'all') return true;
    const pods = [...new Set(pieces.filter((other) => other.stage === piece.stage).map(({ pod }) => pod))];
    return piece.pod === (attempt === undefined ? pods.at(-1) : pods[attempt - 1]);
  };
  return pieces.filter(isWanted);
}

export function keyOf({ pod, container }: Piece): string {
  return `${pod} ${container}`;
}

/** Several are told apart by it. */
export function heading(piece: Piece): Buffer {
  const stage = piece.stage === undefined ? '' : `stage ${piece.stage}: `;
  return Buffer.from(`--- ${stage}${keyOf(piece)}\n`);
}

/** Stages are told apart even while there is only one of them. */
export function needsHeading(pieces: readonly Piece[], { stage }: Wish): boolean {
  return pieces.length > 1 || (stage === undefined && pieces.some((piece) => piece.stage !== undefined));
}
