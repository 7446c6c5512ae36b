// What becomes of one start, looked at again and again; for whoever follows it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from '../../../lib/kube/kube';
import type { Anchor } from '../../../lib/services/anchor';
import { anchorName, type Sought } from '../../../lib/services/names';
import { findAnchors, getAnchor } from '../../../lib/services/anchors';
import { followService } from '../../../lib/services/followService';
import { observePods } from '../../../lib/services/observe';
import { endedProgress, isOver } from '../../../lib/services/progress';
import type { Context } from '../context';
import { isRefusal } from '../failure';

const PAUSE_MS = 1_000;
/** Some troubles are told by nothing but time. */
const WATCHED_PAUSE_MS = 5_000;

/** Undefined when there is no such service. */
export async function lookAt(context: Context, sought: Required<Sought>, call: Call): Promise<Anchor | undefined> {
  const anchor = await locate(context, sought, call);
  if (anchor === undefined || isOver(anchor.progress)) return anchor;
  if (anchor.ending === undefined) return observed(context, anchor, call);
  return { ...anchor, progress: endedProgress(anchor.progress, anchor.ending, context.clock()) };
}

/**
 * The service as it was seen first, and again whenever something of it may have changed, until it is gone (undefined) or
 * the signal aborts. A warm cache tells when to look; without one it is looked at each second.
 */
export async function* changes(context: Context, first: Anchor, { signal }: Call): AsyncGenerator<Anchor | undefined> {
  yield first;
  const ended = new AbortController();
  const call = { signal: AbortSignal.any([signal, ended.signal]) };
  const changed = wakenBy(context, first, call);
  context.cache.warm();
  try {
    while (await changed()) {
      const look = await tryToLook(context, first, call);
      if (look !== undefined) yield look.seen;
      if (look !== undefined && look.seen === undefined) return;
    }
  } finally {
    ended.abort();
  }
}

/** Undefined when the cluster is away, or nobody wants to know any more. */
async function tryToLook(context: Context, { start, name }: Anchor, call: Call) {
  try {
    return { seen: await lookAt(context, start, call) };
  } catch (error) {
    if (call.signal.aborted) return undefined;
    if (isRefusal(error)) throw error;
    context.log.warn('a service could not be looked at for its progress', { anchor: name, error });
    return undefined;
  }
}

/** Resolves at the next change that the cache tells, or after a pause; false when nobody wants to know any more. */
function wakenBy({ cache }: Context, { start }: Anchor, { signal }: Call): () => Promise<boolean> {
  const told = cache.changes(start, signal)[Symbol.asyncIterator]();
  let next: Promise<unknown> | undefined;
  return async () => {
    const isWatched = cache.look(start) !== undefined;
    next ??= told.next().finally(() => (next = undefined));
    const pause = sleep(isWatched ? WATCHED_PAUSE_MS : PAUSE_MS, undefined, { signal }).catch(() => undefined);
    await Promise.race([next, pause]);
    return !signal.aborted;
  };
}

/** Whoever looks writes down what is new: the log is complete without the status function, too. It is not ended here. */
async function observed(context: Context, anchor: Anchor, call: Call): Promise<Anchor | undefined> {
  const { credential, servername } = anchor.start;
  const pods = await observePods(context, { credential, servername }, call);
  const own = pods.filter(({ anchorUid }) => anchorUid === anchor.uid).map(({ pod }) => pod);
  const followed = await followService(context, { anchor, pods: own }, call);
  return followed === undefined ? locate(context, anchor.start, call) : followed.anchor;
}

/** By its name; in the moment in which a record takes the place of an anchor, among all there are. */
async function locate(context: Context, sought: Required<Sought>, call: Call): Promise<Anchor | undefined> {
  const { credential, servername } = sought;
  const anchor = await getAnchor(context, anchorName(sought), call);
  if (anchor?.start.credential === credential && anchor.start.servername === servername) return anchor;
  return (await findAnchors(context, { credential, servername }, call)).at(-1);
}
