// The log of one attempt of a container: a line per line, each with its time and stream, in the format of Kubernetes' runtimes.
import { EventEmitter } from 'node:events';
import { open } from 'node:fs/promises';

export type Stream = 'stdout' | 'stderr';

export interface LogFile {
  readonly write: (stream: Stream, chunk: Uint8Array) => Promise<void>;
  /** Ends the last line where none is open any more, and tells who follows. */
  readonly close: () => Promise<void>;
}

/** Longer lines are split, and marked as parts. */
const LONGEST_LINE = 16 * 1024;

/** Tells followers by path that there is more to read. */
export interface LogHub {
  readonly open: (path: string, clock: () => Date) => Promise<LogFile>;
  readonly isOpen: (path: string) => boolean;
  /** Resolves at the next line or at the end of the log. */
  readonly changed: (path: string, signal: AbortSignal) => Promise<void>;
}

export function createLogHub(): LogHub {
  const emitter = new EventEmitter().setMaxListeners(0);
  const opened = new Set<string>();
  return {
    isOpen: (path) => opened.has(path),
    changed: (path, signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          emitter.off(path, done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        emitter.once(path, done);
        signal.addEventListener('abort', done, { once: true });
        if (signal.aborted) done();
      }),
    open: async (path, clock) => {
      const handle = await open(path, 'a');
      opened.add(path);
      const rest: Record<Stream, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
      const append = async (lines: readonly Buffer[]): Promise<void> => {
        if (lines.length === 0) return;
        await handle.write(Buffer.concat(lines));
        emitter.emit(path);
      };
      return {
        write: async (stream, chunk) => {
          const { lines, left } = splitLines(Buffer.concat([rest[stream], chunk]));
          rest[stream] = left;
          await append(lines.map((line) => entry(clock(), stream, line)));
        },
        close: async () => {
          const streams = (['stdout', 'stderr'] as const).filter((stream) => rest[stream].length > 0);
          await append(streams.map((stream) => entry(clock(), stream, { text: rest[stream], isWhole: false })));
          await handle.close();
          opened.delete(path);
          emitter.emit(path);
        },
      };
    },
  };
}

interface Line {
  readonly text: Buffer;
  /** False: the line goes on in the next entry, or never ended. */
  readonly isWhole: boolean;
}

function splitLines(data: Buffer): { lines: Line[]; left: Buffer } {
  const lines: Line[] = [];
  let left = data;
  for (;;) {
    const newline = left.indexOf(0x0a);
    const isWhole = newline !== -1 && newline <= LONGEST_LINE;
    if (!isWhole && left.length < LONGEST_LINE) return { lines, left };
    const length = isWhole ? newline : LONGEST_LINE;
    lines.push({ text: left.subarray(0, length), isWhole });
    left = left.subarray(isWhole ? length + 1 : length);
  }
}

function entry(time: Date, stream: Stream, { text, isWhole }: Line): Buffer {
  const head = `${time.toISOString().slice(0, -1)}000000Z ${stream} ${isWhole ? 'F' : 'P'} `;
  return Buffer.concat([Buffer.from(head), text, Buffer.from('\n')]);
}

export interface LogEntry {
  /** RFC 3339 with nanoseconds. */
  readonly time: string;
  /** With its newline, unless the line goes on. */
  readonly text: Buffer;
  readonly isWhole: boolean;
}

/** Reads one line of the file, without its newline. */
export function parseEntry(line: Buffer): LogEntry {
  const timeEnd = line.indexOf(0x20);
  const streamEnd = line.indexOf(0x20, timeEnd + 1);
  const isWhole = line[streamEnd + 1] === 0x46;
  const text = line.subarray(streamEnd + 3);
  const time = line.subarray(0, timeEnd).toString();
  return { time, text: isWhole ? Buffer.concat([text, Buffer.from('\n')]) : text, isWhole };
}
