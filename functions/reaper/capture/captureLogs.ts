// The logs of a job, one after the other: kept with their digests, or recorded as lost, or left for later as a whole.
import type { RecordedPiece } from '../../../lib/jobs/record';
import type { Context } from '../context';
import type { Run } from '../run';
import type { Keeper } from './keeper';
import type { Piece } from './pieces';
import { EMPTY_LOG, readLog, type LogRead } from './readLog';
import { untilSilent } from './untilSilent';

export interface Captured {
  readonly attempts: readonly RecordedPiece[];
  readonly lastLines: readonly string[];
}

export interface LogsWanted {
  readonly pieces: readonly Piece[];
  readonly keeper: Keeper;
  readonly isLastChance: boolean;
}

const LAST_LINES = 20;
/** An API server or a node that says nothing for so long will not say anything. */
const SILENCE_MS = 20_000;
/** Of the time of a sweep: half as long after each silence, all those of one job leave time to record them. */
const PATIENCE = 1 / 8;
const MOST_HALVINGS = 4;
/** What a kubelet answers, with 200, for a container that its runtime has forgotten. */
const FORGOTTEN = /^unable to retrieve container logs for \S+\s*$/;

export async function captureLogs(context: Context, run: Run, wanted: LogsWanted): Promise<Captured | 'postponed'> {
  const { pieces, keeper, isLastChance } = wanted;
  const reads: LogRead[] = [];
  let isComplete = false;
  try {
    for (const [index, piece] of pieces.entries()) {
      const silenceMs = silenceMsAfter(reads, context.settings.sweepSeconds);
      const keep = async (segment: Buffer): Promise<void> => keeper.add(index, segment);
      const read = await readPiece(context, run, { piece, silenceMs, keep });
      if (read.error !== undefined && !isLastChance) return 'postponed';
      await keeper.close(index);
      reads.push(read);
    }
    isComplete = true;
  } finally {
    if (!isComplete) await keeper.discard();
  }
  const attempts = reads.flatMap((read, index) => {
    const piece = pieces[index];
    return piece === undefined ? [] : [{ ...toRecorded(piece, read), ...keeper.kept(index) }];
  });
  return { attempts, lastLines: linesOf(reads.findLast(({ bytes }) => bytes > 0)?.tail) };
}

/** Its logs are mostly on one node, or behind one API server. */
function silenceMsAfter(reads: readonly LogRead[], sweepSeconds: number): number {
  const silences = reads.filter(({ isSilent }) => isSilent).length;
  return Math.min(SILENCE_MS, PATIENCE * sweepSeconds * 1000) / 2 ** Math.min(silences, MOST_HALVINGS);
}

interface Reading {
  readonly piece: Piece;
  readonly silenceMs: number;
  readonly keep: (segment: Buffer) => Promise<void>;
}

/** Throws only when the run is out of time: that says nothing about the log. */
async function readPiece({ kube, settings, log }: Context, { work }: Run, reading: Reading): Promise<LogRead> {
  const { piece, silenceMs, keep } = reading;
  const { pod: name, container } = piece;
  const { signal, heard, done } = untilSilent(silenceMs, work.signal);
  const failed = (read: LogRead): LogRead => {
    work.signal.throwIfAborted();
    log.warn('a log cannot be read now', { pod: name, container, error: read.error });
    return signal.aborted ? { ...read, isSilent: true } : read;
  };
  try {
    const chunks = await kube.logStream({ namespace: settings.namespace, name }, { container }, { signal });
    if (chunks === undefined) return { ...EMPTY_LOG, isMissing: true };
    const read = await readLog(chunks, async (segment) => keep(heard(segment)));
    return read.error === undefined ? read : failed(read);
  } catch (error) {
    return failed({ ...EMPTY_LOG, error });
  } finally {
    done();
  }
}

function toRecorded({ stage, pod, container, hasRun, end }: Piece, read: LogRead): Omit<RecordedPiece, 'keptBytes'> {
  const { bytes, sha256 } = read;
  const lost = lossOf(hasRun, read);
  return {
    ...(stage !== undefined && { stage }),
    pod,
    container,
    bytes,
    sha256,
    ...(end && { exitCode: end.exitCode }),
    ...(end?.startedAt && { startedAt: end.startedAt }),
    ...(end?.finishedAt && { finishedAt: end.finishedAt }),
    ...(lost !== undefined && { lost }),
  };
}

function lossOf(hasRun: boolean, { bytes, tail, error, isMissing }: LogRead): string | undefined {
  if (error !== undefined) return 'It could not be read until the deadline of the capture.';
  const isForgotten = bytes === tail.length && FORGOTTEN.test(tail.toString());
  return isForgotten || (isMissing && hasRun) ? 'Its node does not have it any more.' : undefined;
}

/** The first of them may be cut, and then it is none. */
function linesOf(tail: Buffer | undefined): readonly string[] {
  const lines = (tail?.toString() ?? '').replace(/\n$/, '').split('\n');
  return lines.length === 1 && lines[0] === '' ? [] : lines.slice(-LAST_LINES);
}
