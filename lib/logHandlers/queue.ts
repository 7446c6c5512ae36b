// Records that wait for a handler, as bytes in one block of memory: its size is the bound, and the oldest give way.
// Strings that wait would grow old one by one in V8's heap, which then grows by tens of megabytes before it is tidied.

export interface Queue {
  /** Answers how many were dropped for it. */
  readonly push: (levelno: number, time: number, text: string) => number;
  /** The oldest ones, which leave the queue. */
  readonly take: (count: number) => Taken;
  readonly length: () => number;
}

/** Index by index; each text ends with a line break. */
export interface Taken {
  readonly levels: Uint8Array;
  readonly times: Float64Array;
  /** Where each text ends in `bytes`. */
  readonly ends: Uint32Array;
  readonly bytes: Uint8Array;
}

/** Longer ones are cut. */
const MAX_TEXT = 16 * 1024;
const LINE_BREAK = 10;

interface Ring {
  readonly bytes: Buffer;
  readonly levels: Uint8Array;
  readonly times: Float64Array;
  readonly starts: Uint32Array;
  readonly lengths: Uint32Array;
  /** Index of the oldest, and how many there are. */
  head: number;
  count: number;
  /** Where the next text begins. */
  tail: number;
}

export function createQueue({ records, bytes }: { readonly records: number; readonly bytes: number }): Queue {
  const ring: Ring = {
    bytes: Buffer.allocUnsafeSlow(bytes),
    levels: new Uint8Array(records),
    times: new Float64Array(records),
    starts: new Uint32Array(records),
    lengths: new Uint32Array(records),
    head: 0,
    count: 0,
    tail: 0,
  };
  return {
    push: (levelno, time, text) => push(ring, { levelno, time, text }),
    take: (count) => take(ring, Math.min(count, ring.count)),
    length: () => ring.count,
  };
}

interface Pushed {
  readonly levelno: number;
  readonly time: number;
  readonly text: string;
}

function push(ring: Ring, { levelno, time, text }: Pushed): number {
  const kept = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text;
  const length = Buffer.byteLength(kept) + 1;
  let dropped = 0;
  let start = ring.count === ring.levels.length ? undefined : placeFor(ring, length);
  for (; start === undefined; start = placeFor(ring, length)) {
    forget(ring, 1);
    dropped += 1;
  }
  ring.bytes.write(kept, start);
  ring.bytes[start + length - 1] = LINE_BREAK;
  const index = (ring.head + ring.count) % ring.levels.length;
  ring.levels[index] = levelno;
  ring.times[index] = time;
  ring.starts[index] = start;
  ring.lengths[index] = length;
  ring.count += 1;
  ring.tail = start + length;
  return dropped;
}

/** A text stands in one piece: at the end, or at the beginning again; undefined where the oldest is in the way. */
function placeFor({ count, head, starts, tail, bytes }: Ring, length: number): number | undefined {
  if (count === 0) return 0;
  const oldest = starts[head] ?? 0;
  if (tail <= oldest) return oldest - tail >= length ? tail : undefined;
  if (bytes.length - tail >= length) return tail;
  return oldest >= length ? 0 : undefined;
}

function forget(ring: Ring, count: number): void {
  ring.head = (ring.head + count) % ring.levels.length;
  ring.count -= count;
}

function take(ring: Ring, count: number): Taken {
  const indexes = Array.from({ length: count }, (_, index) => (ring.head + index) % ring.levels.length);
  const ends = new Uint32Array(count);
  let end = 0;
  for (const [position, index] of indexes.entries()) {
    end += ring.lengths[index] ?? 0;
    ends[position] = end;
  }
  const bytes = Buffer.allocUnsafeSlow(end);
  for (const [position, index] of indexes.entries()) {
    const [start = 0, length = 0] = [ring.starts[index], ring.lengths[index]];
    ring.bytes.copy(bytes, (ends[position] ?? 0) - length, start, start + length);
  }
  const taken = {
    levels: Uint8Array.from(indexes, (index) => ring.levels[index] ?? 0),
    times: Float64Array.from(indexes, (index) => ring.times[index] ?? 0),
    ends,
    bytes,
  };
  forget(ring, count);
  return taken;
}
