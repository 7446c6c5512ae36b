// Reads one log to its end in constant memory: digest and length of all of it, its last bytes, and segment by segment to whoever keeps it.
import { createHash } from 'node:crypto';

export interface LogRead {
  readonly bytes: number;
  readonly sha256: string;
  readonly tail: Buffer;
  /** The API server knows none. */
  readonly isMissing?: true;
  /** It broke off because nothing was heard any more. */
  readonly isSilent?: true;
  /** It broke off: what came before is told all the same. */
  readonly error?: unknown;
}

/** The unit in which the oldest part of a log that is too long is given up; the smallest limit holds one and its rest. */
const SEGMENT_BYTES = 32 * 1024;
const TAIL_BYTES = 4096;

export const EMPTY_LOG: LogRead = {
  bytes: 0,
  sha256: createHash('sha256').digest('hex'),
  tail: Buffer.alloc(0),
};

export async function readLog(
  chunks: AsyncIterable<Uint8Array>,
  keep: (segment: Buffer) => Promise<void>,
): Promise<LogRead> {
  const hash = createHash('sha256');
  const gathered = gatherer(keep);
  let bytes = 0;
  let tail: Buffer = Buffer.alloc(0);
  const told = (): LogRead => ({ bytes, sha256: hash.digest('hex'), tail });
  try {
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      hash.update(chunk);
      tail = Buffer.concat([tail, chunk.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
      await gathered.add(chunk);
    }
  } catch (error) {
    await gathered.flush();
    return { ...told(), error };
  }
  await gathered.flush();
  return told();
}

/** Hands on segments of one size, but for the last one. */
function gatherer(keep: (segment: Buffer) => Promise<void>) {
  let parts: Uint8Array[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    if (size === 0) return;
    const segment = Buffer.concat(parts);
    parts = [];
    size = 0;
    await keep(segment);
  };
  const add = async (chunk: Uint8Array): Promise<void> => {
    for (let from = 0; from < chunk.length;) {
      const part = chunk.subarray(from, from + SEGMENT_BYTES - size);
      parts.push(part);
      size += part.length;
      from += part.length;
      if (size === SEGMENT_BYTES) await flush();
    }
  };
  return { add, flush };
}
