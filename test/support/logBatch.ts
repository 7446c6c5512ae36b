// Batches of records as the main thread hands them over, and what is in them.
import type { Batch } from '../../lib/logHandlers/messages';
import { createQueue, type Taken } from '../../lib/logHandlers/queue';

export interface Entry {
  readonly text: string;
  readonly levelno?: number;
  readonly time?: number;
}

export function batchOf(id: number, ...entries: readonly Entry[]): Batch {
  const queue = createQueue({ records: entries.length, bytes: 64 * 1024 });
  for (const { levelno = 20, time = 1, text } of entries) queue.push(levelno, time, text);
  return { id, ...queue.take(entries.length) };
}

/** Without their line breaks. */
export function textsOf({ ends, bytes }: Taken): readonly string[] {
  const whole = Buffer.from(bytes);
  return Array.from(ends, (end, index) => whole.subarray(ends[index - 1] ?? 0, end - 1).toString());
}
