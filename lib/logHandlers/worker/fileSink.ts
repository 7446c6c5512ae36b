// A file that begins anew by the time of its records; renaming and removing is the library's.
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';
import type { Batch, Writer } from '../messages';
import type { FileSettings } from '../settings';
import { lockFile, type FileLock } from './fileLock';
import { rolloverAfter, suffixBefore } from './rotation';
import type { Sink } from './sink';

const FILE_MODE = 0o640;

/** The library rotates by its own clock, or when told: the latter is not in its types. */
interface Rotating {
  rotate: () => Promise<void>;
}

interface State {
  lock?: FileLock;
  stream?: RotatingFileStream;
  broken?: Error;
  /** From then on a record belongs to the next file; undefined while the file is empty. */
  rollover?: number | undefined;
}

export function fileSink(settings: FileSettings, writer: Writer): Sink {
  const path = pathFor(settings.filename, writer);
  const state: State = {};
  return {
    ready: async () => {
      state.lock = await lockFile(path, writer);
      const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }));
      state.rollover = size > 0 ? rolloverAfter(settings.when, mtimeMs) : undefined;
      state.stream = await openStream(path, settings, state);
    },
    write: async (batch) => writeBatch(batch, settings.when, state),
    close: async () => {
      const { stream, broken, lock } = state;
      if (stream !== undefined && broken === undefined) {
        await new Promise<void>((resolve) => void stream.end(() => resolve()));
      }
      await lock?.release();
    },
  };
}

export function pathFor(filename: string, { function: name, instance }: Writer): string {
  return filename.replaceAll('<function>', name).replaceAll('<instance>', instance);
}

async function openStream(
  path: string,
  { when, backupCount }: FileSettings,
  state: State,
): Promise<RotatingFileStream> {
  const name = basename(path);
  const nameOf = (time: Date | number | null, index = 1): string =>
    time === null ? name : `${name}.${suffixBefore(when, state.rollover ?? 0)}${index === 1 ? '' : `.${index}`}`;
  const stream = createStream(nameOf, {
    path: dirname(path),
    mode: FILE_MODE,
    ...(backupCount > 0 && { maxFiles: backupCount, history: `.${name}.backups` }),
  });
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve()).once('error', reject);
  });
  stream.on('error', (error) => {
    state.broken = error;
  });
  return stream;
}

async function writeBatch({ times, ends, bytes }: Batch, when: string, state: State): Promise<void> {
  let from = 0;
  for (const [index, time] of times.entries()) {
    state.rollover ??= rolloverAfter(when, time);
    if (time < state.rollover) continue;
    const to = ends[index - 1] ?? 0;
    await append(bytes.subarray(from, to), state);
    from = to;
    await (state.stream as unknown as Rotating).rotate();
    state.rollover = rolloverAfter(when, time);
  }
  await append(bytes.subarray(from), state);
}

async function append(bytes: Uint8Array, { stream, broken }: State): Promise<void> {
  if (stream === undefined || broken !== undefined) throw broken ?? new Error('the file is not open');
  if (bytes.length === 0) return;
  await new Promise<void>((resolve, reject) => {
    stream.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
