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
/** A look at the log is one request, one at the service itself is four. */
const LOOKS_AT_SERVICE_EACH = 2;

/** Undefined when there is no such service. */
export async function lookAt(context: Context, sought: Required<Sought>, call: Call): Promise<Anchor | undefined> {
  const anchor = await locate(context, sought, call);
  if (anchor === undefined || isOver(anchor.progress)) return anchor;
  if (anchor.ending === undefined) return observed(context, anchor, call);
  return { ...anchor, progress: endedProgress(anchor.progress, anchor.ending, context.clock()) };
}

/** The service as it was seen first and then each second, until it is gone (undefined) or the signal aborts. */
export async function* changes(context: Context, first: Anchor, { signal }: Call): AsyncGenerator<Anchor | undefined> {
  yield first;
  for (let look = 1; await isTimeFor(signal); look += 1) {
    const see = look % LOOKS_AT_SERVICE_EACH === 0 ? lookAt : locate;
    try {
      const seen = await see(context, first.start, { signal });
      yield seen;
      if (seen === undefined) return;
    } catch (error) {
      if (signal.aborted) return;
      if (isRefusal(error)) throw error;
      context.log.warn('a service could not be looked at for its progress', {
        servername: first.start.servername,
        error,
      });
    }
  }
}

/** After a pause; false when nobody wants to know any more. */
async function isTimeFor(signal: AbortSignal): Promise<boolean> {
  await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
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
