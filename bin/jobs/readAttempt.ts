// Writes the log of one attempt, from where an earlier look at it broke off.
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { AppError } from '../../lib/errors';
import type { JobsClient } from './api/client';

/** How much of the log of an attempt was written. */
export interface Reading {
  readonly attempt: number;
  readonly bytes: number;
  /** It ended by itself. */
  readonly isWhole: boolean;
  /** Looks in a row that were broken off and brought nothing. */
  readonly failures: number;
}

export interface Source {
  readonly client: JobsClient;
  readonly id: string;
  readonly output: Writable;
}

const TRIES = 3;

export function unread(attempt: number): Reading {
  return { attempt, bytes: 0, isWhole: false, failures: 0 };
}

export async function readAttempt(source: Source, reading: Reading, follow: boolean): Promise<Reading> {
  const { attempt, bytes: known, failures } = reading;
  const seen = { bytes: 0 };
  try {
    await copyAfter(source, { attempt: String(attempt), ...(follow && { follow: 'true' }) }, { known, seen });
    // What was not there when it was looked for may come yet.
    return { attempt, bytes: Math.max(seen.bytes, known), isWhole: seen.bytes > 0 || !follow, failures: 0 };
  } catch (error) {
    const isStuck = seen.bytes <= known;
    if (isRefusal(error) || (isStuck && failures + 1 >= TRIES)) throw error;
    return { attempt, bytes: Math.max(seen.bytes, known), isWhole: false, failures: isStuck ? failures + 1 : 0 };
  }
}

interface Counts {
  /** What was written before is not written again. */
  readonly known: number;
  readonly seen: { bytes: number };
}

async function copyAfter({ client, id, output }: Source, query: Record<string, string>, { known, seen }: Counts) {
  for await (const chunk of (await client.logs(id, query)) ?? []) {
    const old = Math.max(0, Math.min(chunk.length, known - seen.bytes));
    seen.bytes += chunk.length;
    await write(output, chunk.subarray(old));
  }
}

/** As fast as it is read at the other end. */
export async function write(output: Writable, chunk: Uint8Array): Promise<void> {
  if (chunk.length > 0 && !output.write(chunk)) await once(output, 'drain');
}

function isRefusal(error: unknown): boolean {
  return error instanceof AppError && error.status < 500;
}
