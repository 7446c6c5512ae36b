// Whether a source may become a snapshot, and whether what became one may stay. Pure.
import { Failure } from '../failure';
import type { Sight } from './walk';

export interface Expected {
  /** Of the snapshot before, if there is one that tells. */
  readonly files?: number | undefined;
  readonly bytes?: number | undefined;
  readonly minFiles?: number | undefined;
  readonly mayShrink: boolean;
}

/** More than nine in ten of the files are gone. */
const SHARE_THAT_STAYS = 0.1;
/** Below, it is no loss that nobody meant. */
const FEW_FILES = 10;

const ASK = 'If that is right, repeat this with the tag allowShrink=true. Older snapshots are untouched.';

/** Throws when the source looks like the rest of one. */
export function judgeSource({ files, bytes }: Sight, expected: Expected): void {
  if (files === 0) {
    throw new Failure(
      'SourceEmpty',
      'The source holds no file: is this the right claim, and is its volume mounted? Nothing was written.',
    );
  }
  if (expected.mayShrink) return;
  const before = Math.max(expected.files ?? 0, expected.minFiles ?? 0);
  if (before >= FEW_FILES && files < before * SHARE_THAT_STAYS) {
    throw new Failure('SourceTruncated', `The source holds ${files} files where ${before} were. ${ASK}`);
  }
  if (bytes === 0 && (expected.bytes ?? 0) > 0) {
    throw new Failure(
      'SourceTruncated',
      `All files of the source are empty where ${expected.bytes} bytes were. ${ASK}`,
    );
  }
}

const CHANGED_SHARE = 0.1;
const CHANGED_FEW = 100;

/** How many entries changed between two sights, at least. The first one's newest change is the file system's own clock. */
export function changedBetween(before: Sight, after: Sight): number {
  if (before.fingerprint === after.fingerprint) return 0;
  return Math.max(1, after.changedSince, Math.abs(after.files - before.files));
}

/** A home in use has logs that grow; one that is being unpacked or moved is not what anybody wants back. */
export function judgeChanges(changed: number, files: number, mayChange: boolean): void {
  if (mayChange || changed <= Math.max(CHANGED_FEW, files * CHANGED_SHARE)) return;
  const message = `${changed} of ${files} files changed while they were read: repeat this when the claim is at rest, or with the tag allowChanges=true. The snapshot was dropped.`;
  throw new Failure('FilesChanged', message);
}
