// What of a job's log is asked for.
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
});

export type Wish = z.infer<typeof logsQuery>;

export type Chunks = AsyncIterable<Uint8Array>;

/** The log of one container of one attempt. */
export interface Piece {
  readonly pod: string;
  readonly container: string;
}

/** Of all pieces in the order in which they ran. */
export function wantedOf<T extends Piece>(pieces: readonly T[], { attempt, container }: Wish): readonly T[] {
  const pods = [...new Set(pieces.map(({ pod }) => pod))];
  const isWanted = (pod: string): boolean =>
    attempt === 'all' || pod === (attempt === undefined ? pods.at(-1) : pods[attempt - 1]);
  return pieces.filter((piece) => isWanted(piece.pod) && (container === undefined || piece.container === container));
}

export function keyOf({ pod, container }: Piece): string {
  return `${pod} ${container}`;
}

/** Several are told apart by it. */
export function heading(piece: Piece): Buffer {
  return Buffer.from(`--- ${keyOf(piece)}\n`);
}
