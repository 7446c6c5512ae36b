// Tells a hub what it was not told yet, one event after the other; a hub in trouble is asked again by a later call.
import type { Call } from '../../lib/kube/kube';
import type { Anchor } from '../../lib/services/anchor';
import { untold, type ProgressEvent } from '../../lib/services/progress';
import { reviseProgress, type Revise } from '../../lib/services/reviseProgress';
import type { Context } from './context';
import { released, toldUpTo } from './telling';

interface Teller {
  readonly anchor: Anchor;
  /** Only while this claim is on the anchor. */
  readonly by: string;
}

interface Piece {
  readonly anchor: Anchor;
  readonly event: ProgressEvent;
}

/** What a hub could not be told by then is of no use to it any more. */
const DEADLINE_MS = 600_000;
const RELEASE_MS = 5_000;

/** Answers the anchor as it is then; undefined when it is gone: a hub removes what it hears to have failed. */
export async function tellUntold(context: Context, { anchor, by }: Teller, call: Call): Promise<Anchor | undefined> {
  let current: Anchor | undefined = anchor;
  while (current !== undefined && current.progress.telling?.by === by) {
    const [event] = untold(current.progress);
    if (event === undefined) return current;
    const piece = { anchor: current, event };
    const isOver = await isDone(context, piece, call).catch(async (error: unknown) => {
      // Or whoever tries again would take it for being told at the moment.
      await release(context, { anchor: piece.anchor, by });
      throw error;
    });
    const claim = { by, now: context.clock() };
    const revise: Revise = (progress) => (isOver ? toldUpTo(progress, event.id, claim) : released(progress, by));
    current = await reviseProgress(context, { anchor: current, revise }, call);
  }
  return current;
}

async function release(context: Context, { anchor, by }: Teller): Promise<void> {
  const revise: Revise = (progress) => released(progress, by);
  const call = { signal: AbortSignal.timeout(RELEASE_MS) };
  await reviseProgress(context, { anchor, revise }, call).catch((error: unknown) => {
    context.log.warn('a claim stays until it runs out', { anchor: anchor.name, error });
  });
}

/** False when another attempt makes sense. */
async function isDone(context: Context, piece: Piece, call: Call): Promise<boolean> {
  const { hubs, log, counters } = context;
  const outcome = await hubs.tell(piece, call);
  const fields = { anchor: piece.anchor.name, progressId: piece.event.id, ...outcome };
  if (outcome.result === 'told') {
    counters.add('hub_told');
    log.debug('hub told', fields);
    return true;
  }
  if (outcome.result === 'unreachable' && !isTooOld(piece, context.clock())) {
    counters.add('hub_unreachable');
    log.warn('a hub could not be told; it is tried again', fields);
    return false;
  }
  counters.add('hub_refused');
  log.warn('a hub was not told of a progress event, which is given up', fields);
  return true;
}

function isTooOld({ event }: Piece, now: Date): boolean {
  return now.getTime() - Date.parse(event.at) > DEADLINE_MS;
}
