// Reads the entries of a log file, also while it is being written.
import { open } from 'node:fs/promises';
import { parseEntry, type LogEntry, type LogHub } from './logFile';

export interface Position {
  readonly path: string;
  /** In bytes, at the begin of an entry. */
  readonly offset: number;
}

export interface ReadEntries {
  readonly entries: readonly LogEntry[];
  /** Where to go on reading. */
  readonly offset: number;
}

/** All whole entries from a position on; none when the file is not there. */
export async function readEntries(path: string, offset = 0): Promise<ReadEntries> {
  const data = await readFrom(path, offset);
  const entries: LogEntry[] = [];
  let start = 0;
  for (let end = data.indexOf(0x0a); end !== -1; end = data.indexOf(0x0a, start)) {
    entries.push(parseEntry(data.subarray(start, end)));
    start = end + 1;
  }
  return { entries, offset: offset + start };
}

async function readFrom(path: string, offset: number): Promise<Buffer> {
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) return Buffer.alloc(0);
  try {
    const { size } = await handle.stat();
    const data = Buffer.alloc(Math.max(0, size - offset));
    const { bytesRead } = await handle.read(data, 0, data.length, offset);
    return data.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Ends when the log is closed or the signal aborts. */
export async function* followEntries(logs: LogHub, from: Position, signal: AbortSignal): AsyncGenerator<LogEntry> {
  let { offset } = from;
  while (!signal.aborted) {
    // Asked before reading: what is written in between wakes the next round at once.
    const isOpen = logs.isOpen(from.path);
    const changed = new AbortController();
    const change = logs.changed(from.path, AbortSignal.any([signal, changed.signal]));
    const read = await readEntries(from.path, offset);
    offset = read.offset;
    yield* read.entries;
    if (!isOpen) changed.abort();
    await change;
    if (!isOpen) return;
  }
}
