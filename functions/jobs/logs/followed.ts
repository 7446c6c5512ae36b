// The log of a job while it is written: from where it is now to the end of the attempt, or of all attempts.
import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded } from '../../../lib/jobs/attempts';
import { jobState } from '../../../lib/jobs/jobState';
import { readJobPods } from '../../../lib/jobs/readJobPods';
import type { Call } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import type { Pod } from '../../../lib/status/observed';
import type { Context } from '../context';
import { notFound, seekJob, type Sought } from '../find';
import { findRecord } from '../record';
import { openPiece, piecesOf } from './live';
import { recordedText } from './recorded';
import { heading, keyOf, wantedOf, type Chunks, type Wish } from './wish';

interface Following {
  readonly sought: Sought;
  readonly wish: Wish;
  /** Keys of the pieces that were read. */
  readonly read: Set<string>;
}

/** What can be read next, perhaps nothing yet. */
interface Turn {
  readonly chunks?: Chunks | undefined;
  /** Nothing follows on it. */
  readonly isLast: boolean;
}

const FIRST_PAUSE_MS = 500;
/** Who has waited for long already waits a little longer. */
const PAUSE_GROWTH = 1.2;
const LONGEST_PAUSE_MS = 5_000;

/** Waits for what has not begun. An error of the first turn is told as one, before anything is answered. */
export async function followedLog(context: Context, asked: Omit<Following, 'read'>, call: Call): Promise<Chunks> {
  const following = { ...asked, read: new Set<string>() };
  return turns(context, following, { first: await nextTurn(context, following, call), call });
}

async function* turns(
  context: Context,
  following: Following,
  { first, call }: { readonly first: Turn; readonly call: Call },
): AsyncGenerator<Uint8Array> {
  let pauseMs = FIRST_PAUSE_MS;
  for (let turn = first; ; turn = await nextTurn(context, following, call)) {
    if (turn.chunks !== undefined) yield* turn.chunks;
    if (turn.isLast) return;
    if (turn.chunks !== undefined) pauseMs = FIRST_PAUSE_MS;
    else {
      await sleep(pauseMs, undefined, call);
      pauseMs = Math.min(pauseMs * PAUSE_GROWTH, LONGEST_PAUSE_MS);
    }
  }
}

async function nextTurn(context: Context, following: Following, call: Call): Promise<Turn> {
  const { sought, wish, read } = following;
  const job = await seekJob(context, sought, call);
  if (job === undefined) return restOfRecord(context, following, call);
  const pods = await readJobPods(context.kube, job, call);
  const pieces = wantedOf(piecesOf(pods), wish);
  for (const piece of pieces.filter((each) => !read.has(keyOf(each)))) {
    const chunks = await openPiece(context, { piece, wish }, call);
    if (chunks === undefined && !isOver(pods, piece.pod)) break;
    // What an attempt that is over does not have by now never comes; the next one has its own.
    read.add(keyOf(piece));
    if (chunks !== undefined)
      return { chunks: pieces.length > 1 ? headed(heading(piece), chunks) : chunks, isLast: false };
  }
  const isComplete = pieces.length > 0 && pieces.every((piece) => read.has(keyOf(piece)));
  return { isLast: isLast(job, pods, wish) || (isComplete && wish.attempt !== 'all') };
}

async function* headed(first: Buffer, chunks: Chunks): AsyncGenerator<Uint8Array> {
  yield first;
  yield* chunks;
}

function isOver(pods: readonly Pod[], name: string): boolean {
  return pods.some((pod) => pod.metadata?.name === name && hasEnded(pod));
}

/** Nothing more comes of what is asked for. */
function isLast(job: KubeObject, pods: readonly Pod[], { attempt }: Wish): boolean {
  const last = pods.at(-1);
  return jobState(job, pods).isOver || (attempt !== 'all' && last !== undefined && hasEnded(last));
}

/** The job was reaped meanwhile: its record has what was not read yet. */
async function restOfRecord(context: Context, { sought, wish, read }: Following, call: Call): Promise<Turn> {
  const recorded = await findRecord(context, sought, call);
  if (recorded !== undefined) return { chunks: recordedText(context, recorded, { wish, known: read }), isLast: true };
  if (read.size > 0) return { isLast: true };
  throw notFound();
}
