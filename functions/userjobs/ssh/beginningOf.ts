// What a stream says first; the rest is read, so that whoever writes it comes to an end, and forgotten.
import type { Readable } from 'node:stream';

export async function beginningOf(stream: Readable, bytes: number): Promise<string> {
  const kept: Buffer[] = [];
  let left = bytes;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (left > 0) kept.push(chunk.subarray(0, left));
    left = Math.max(0, left - chunk.length);
  }
  return Buffer.concat(kept).toString('utf8');
}
