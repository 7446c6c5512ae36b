// The log of a job as its pods have it.
import { setTimeout as sleep } from 'node:timers/promises';
import { containersOf, hasEnded } from '../../../lib/jobs/attempts';
import { jobState } from '../../../lib/jobs/jobState';
import { readJobPods } from '../../../lib/jobs/readJobPods';
import type { Call, LogQuery } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import type { Pod } from '../../../lib/status/observed';
import type { Context } from '../context';
import { findJob, type Sought } from '../find';
import { heading, wantedOf, type Piece, type Wish } from './wish';

type Chunks = AsyncIterable<Uint8Array>;

const PAUSE_MS = 500;

/** What there is now; undefined when no container has a log (yet, or any more). */
export async function liveLog(
  context: Context,
  { job, wish }: { readonly job: KubeObject; readonly wish: Wish },
  call: Call,
): Promise<Chunks | undefined> {
  const pieces = wantedOf(piecesOf(await readJobPods(context.kube, job, call)), wish);
  // The first one is opened before anything is answered: an error is told as one, and nothing as nothing.
  for (const [index, piece] of pieces.entries()) {
    const first = await open(context, { piece, wish }, call);
    if (first !== undefined) return joined(context, { first, pieces: pieces.slice(index), wish }, call);
  }
  return undefined;
}

/** From where it is now to the end of the attempt, or of all attempts; waits for what has not begun. */
export async function* followedLog(
  context: Context,
  { sought, wish }: { readonly sought: Sought; readonly wish: Wish },
  call: Call,
): AsyncGenerator<Uint8Array> {
  const read = new Set<string>();
  for (;;) {
    const job = await findJob(context, sought, call);
    const pods = await readJobPods(context.kube, job, call);
    const pieces = wantedOf(piecesOf(pods), wish);
    for (const piece of pieces.filter((each) => !read.has(keyOf(each)))) {
      const chunks = await open(context, { piece, wish }, call);
      if (chunks === undefined) break;
      read.add(keyOf(piece));
      if (pieces.length > 1) yield heading(piece);
      yield* chunks;
    }
    const isComplete = pieces.length > 0 && pieces.every((piece) => read.has(keyOf(piece)));
    if (isLast(job, pods, wish) || (isComplete && wish.attempt !== 'all')) return;
    await sleep(PAUSE_MS, undefined, call);
  }
}

/** Nothing more comes of what is asked for. */
function isLast(job: KubeObject, pods: readonly Pod[], { attempt }: Wish): boolean {
  const last = pods.at(-1);
  return jobState(job, pods).isOver || (attempt !== 'all' && last !== undefined && hasEnded(last));
}

interface Joined {
  readonly first: Chunks;
  /** The first one is of the first piece. */
  readonly pieces: readonly Piece[];
  readonly wish: Wish;
}

async function* joined(context: Context, { first, pieces, wish }: Joined, call: Call): AsyncGenerator<Uint8Array> {
  for (const [index, piece] of pieces.entries()) {
    const chunks = index === 0 ? first : await open(context, { piece, wish }, call);
    if (chunks === undefined) continue;
    if (pieces.length > 1) yield heading(piece);
    yield* chunks;
  }
}

async function open(
  { kube, settings }: Context,
  { piece, wish }: { readonly piece: Piece; readonly wish: Wish },
  call: Call,
): Promise<Chunks | undefined> {
  const query: LogQuery = {
    container: piece.container,
    ...(wish.follow && { follow: true }),
    ...(wish.tail !== undefined && { tailLines: wish.tail }),
    ...(wish.since !== undefined && { sinceSeconds: wish.since }),
  };
  return kube.logStream({ namespace: settings.namespace, name: piece.pod }, query, call);
}

/** Each container of each attempt, in the order in which they run. */
function piecesOf(pods: readonly Pod[]): readonly Piece[] {
  return pods.flatMap((pod) => containersOf(pod).map((container) => ({ pod: pod.metadata?.name ?? '', container })));
}

function keyOf({ pod, container }: Piece): string {
  return `${pod} ${container}`;
}
