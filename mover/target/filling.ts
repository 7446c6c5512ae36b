// How far a restore is: restic 0.14 does not tell, but the file system says what it has left.
import { statfs } from 'node:fs/promises';
import type { Context } from '../context';
import { countIn, type Snapshot } from '../restic/snapshots';

const INTERVAL_MS = 1_000;

/** Answers what ends it. Others who write to the same file system blur it; it is for people who wait. */
export function watchFilling({ places, progress }: Context, snapshot: Promise<Snapshot>): () => void {
  const from = statfs(places.target);
  const total = totalOf(snapshot);
  const look = async (): Promise<void> => {
    const [before, now] = await Promise.all([from, statfs(places.target)]);
    const { totalFiles, totalBytes } = await Promise.race([total, Promise.resolve(NOT_KNOWN)]);
    const bytes = atMost((before.bfree - now.bfree) * now.bsize, totalBytes);
    const files = atMost(before.ffree - now.ffree, totalFiles);
    progress.tell('restore', { files, bytes, totalFiles, totalBytes });
  };
  const timer = setInterval(() => void look().catch(() => undefined), INTERVAL_MS);
  return () => clearInterval(timer);
}

interface Total {
  readonly totalFiles: number;
  readonly totalBytes: number;
}

const NOT_KNOWN: Total = { totalFiles: 0, totalBytes: 0 };

/** Of a snapshot that is not found there is none; whoever asked for it is told. */
async function totalOf(snapshot: Promise<Snapshot>): Promise<Total> {
  try {
    const found = await snapshot;
    return { totalFiles: countIn(found, 'files') ?? 0, totalBytes: countIn(found, 'bytes') ?? 0 };
  } catch {
    return NOT_KNOWN;
  }
}

function atMost(value: number, most: number): number {
  return Math.max(0, most === 0 ? value : Math.min(value, most));
}
