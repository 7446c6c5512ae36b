// Where the reading of a log stands, so that the place is found again when it is read anew. Pure.

export interface Mark {
  /** How far it is from the beginning. */
  readonly bytes: number;
  /** The first ones, and the last ones before the mark: a node keeps only the newest file of a long log. */
  readonly head: Buffer;
  readonly tail: Buffer;
}

const KEPT = 512;

export const BEGINNING: Mark = { bytes: 0, head: Buffer.alloc(0), tail: Buffer.alloc(0) };

export function after({ bytes, head, tail }: Mark, chunk: Uint8Array): Mark {
  if (chunk.length === 0) return { bytes, head, tail };
  return {
    bytes: bytes + chunk.length,
    head: head.length < KEPT ? Buffer.concat([head, chunk.subarray(0, KEPT - head.length)]) : head,
    tail: Buffer.concat([tail, chunk.subarray(-KEPT)]).subarray(-KEPT),
  };
}

/** Whether what was read anew up to `now` may be the log that was read up to `before`. */
export function isSameLog(now: Mark, before: Mark): boolean {
  const common = Math.min(now.head.length, before.head.length);
  const isSameHead = now.head.subarray(0, common).equals(before.head.subarray(0, common));
  return isSameHead && (now.bytes !== before.bytes || now.tail.equals(before.tail));
}

/** The place in another file of the log; undefined when it is not there (any more). */
export async function findMark(chunks: AsyncIterable<Uint8Array>, { tail }: Mark): Promise<Mark | undefined> {
  let mark = BEGINNING;
  let before = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const searched = Buffer.concat([before, chunk]);
    const at = searched.indexOf(tail);
    if (at !== -1) return after(mark, chunk.subarray(0, at + tail.length - before.length));
    mark = after(mark, chunk);
    before = searched.subarray(Math.max(0, searched.length - tail.length + 1));
  }
  return undefined;
}
