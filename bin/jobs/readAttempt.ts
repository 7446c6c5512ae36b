// Writes the log of one attempt, from where an earlier look at it broke off.
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { AppError } from '../../lib/errors';
import type { JobsClient } from './api/client';
import { after, BEGINNING, findMark, isSameLog, type Mark } from './mark';

/** How much of the log of an attempt was written. */
export interface Reading {
  readonly attempt: number;
  readonly mark: Mark;
  /** It ended by itself. */
  readonly isWhole: boolean;
  /** Looks in a row that were broken off and brought nothing. */
  readonly failures: number;
}

export interface Source {
  readonly client: JobsClient;
  readonly id: string;
  readonly output: Writable;
  /** Milliseconds. */
  readonly now?: () => number;
}

const TRIES = 3;
/** A gateway of OpenFaaS cuts an answer after a while (60 s unless told otherwise) and ends it as if it were whole: then it is read once more. */
const DOUBTED_AFTER_MS = 1_000;

export function unread(attempt: number): Reading {
  return { attempt, mark: BEGINNING, isWhole: false, failures: 0 };
}

export async function readAttempt(source: Source, reading: Reading, follow: boolean): Promise<Reading> {
  const { attempt, mark: known } = reading;
  const startedAt = timeOf(source);
  const copied: Copied = { mark: BEGINNING, isMoved: false };
  try {
    await copyAfter(source, { attempt: String(attempt), ...(follow && { follow: 'true' }) }, { known, copied });
    const { bytes } = copied.mark;
    if (copied.isMoved || (!follow && bytes > 0 && bytes < known.bytes)) return await foundAgain(source, reading);
    const isWhole = !follow || isBelieved(bytes, timeOf(source) - startedAt);
    return { attempt, mark: later(known, copied.mark), isWhole, failures: 0 };
  } catch (error) {
    const failed = brokenOff(reading, copied.mark);
    if (isRefusal(error) || failed.failures >= TRIES) throw error;
    return failed;
  }
}

function timeOf({ now = () => performance.now() }: Source): number {
  return now();
}

/** What was not there when it was looked for may come yet, and what was followed for long may have been cut. */
function isBelieved(bytes: number, lastedMs: number): boolean {
  return bytes > 0 && lastedMs < DOUBTED_AFTER_MS;
}

function brokenOff({ attempt, mark: known, failures }: Reading, mark: Mark): Reading {
  const isStuck = mark.bytes <= known.bytes;
  return { attempt, mark: later(known, mark), isWhole: false, failures: isStuck ? failures + 1 : 0 };
}

interface Copied {
  /** In what was read now. */
  mark: Mark;
  /** It is not what was read before: its beginning was thrown away. */
  isMoved: boolean;
}

interface Copying {
  /** What was written before is not written again. */
  readonly known: Mark;
  readonly copied: Copied;
}

async function copyAfter({ client, id, output }: Source, query: Record<string, string>, { known, copied }: Copying) {
  for await (const chunk of (await client.logs(id, query)) ?? []) {
    const old = Math.max(0, Math.min(chunk.length, known.bytes - copied.mark.bytes));
    copied.mark = after(copied.mark, chunk.subarray(0, old));
    copied.isMoved = old > 0 && !isSameLog(copied.mark, known);
    if (copied.isMoved) return;
    await write(output, chunk.subarray(old));
    copied.mark = after(copied.mark, chunk.subarray(old));
  }
}

/** What cannot be found again is written anew: rather twice than never. */
async function foundAgain({ client, id, output }: Source, reading: Reading): Promise<Reading> {
  const { attempt, mark: known, failures } = reading;
  const chunks = failures < TRIES ? await client.logs(id, { attempt: String(attempt) }) : undefined;
  const mark = chunks && (await findMark(chunks, known));
  if (mark === undefined) await write(output, Buffer.from('--- the log goes on here with what is left of it\n'));
  return { attempt, mark: mark ?? BEGINNING, isWhole: false, failures: failures + 1 };
}

function later(one: Mark, other: Mark): Mark {
  return other.bytes > one.bytes ? other : one;
}

/** As fast as it is read at the other end. */
export async function write(output: Writable, chunk: Uint8Array): Promise<void> {
  if (chunk.length > 0 && !output.write(chunk)) await once(output, 'drain');
}

function isRefusal(error: unknown): boolean {
  return error instanceof AppError && error.status < 500;
}
