// One writer for each log file: a lock beside it, kept alive while it is held, so that what a killed process left is taken over.
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { isRecord } from '../../record';
import type { Writer } from '../messages';

export interface FileLock {
  readonly release: () => Promise<void>;
}

const BEAT_MS = 5_000;
const STALE_MS = 20_000;

/** Rejects with who holds it, and what to do. */
export async function lockFile(path: string, writer: Writer, staleMs = STALE_MS): Promise<FileLock> {
  const file = `${path}.lock`;
  const { smtpDirectory: _none, ...owner } = writer;
  const text = JSON.stringify(owner);
  if (!(await create(file, text))) {
    const holder = await holderOf(file, writer, staleMs);
    if (holder !== undefined)
      throw new Error(`${path} is written by ${holder}: put <function> and <instance> into filename`);
    await rm(file, { force: true });
    if (!(await create(file, text))) throw new Error(`${path} is written by another process`);
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, BEAT_MS).unref();
  return {
    release: async () => {
      clearInterval(beat);
      await rm(file, { force: true });
    },
  };
}

async function create(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined when nobody does any more. */
async function holderOf(file: string, writer: Writer, staleMs: number): Promise<string | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    const { function: name, instance, pid } = JSON.parse(text) as Partial<Writer>;
    if (Date.now() - mtimeMs > staleMs) return undefined;
    // Seen from here, processes of another machine or pod cannot be asked for.
    if (instance === writer.instance && !lives(pid ?? 0, writer)) return undefined;
    return `${name} of ${instance}, process ${pid}`;
  } catch {
    return undefined;
  }
}

function lives(pid: number, writer: Writer): boolean {
  if (pid === writer.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function codeOf(error: unknown): unknown {
  return isRecord(error) ? error['code'] : undefined;
}
