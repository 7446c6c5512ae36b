// The state of one service: looked up, diagnosed, and when it is over for good written down and cleaned away.
import type { Response } from '../../lib/http/message';
import type { Call } from '../../lib/kube/kube';
import type { Observed } from '../../lib/status/observed';
import type { Anchor } from '../../lib/services/anchor';
import type { Ending } from '../../lib/services/ending';
import { anchorName, type Sought } from '../../lib/services/names';
import { findAnchors, removeAnchor } from '../../lib/services/anchors';
import { concludeService } from '../../lib/services/concludeService';
import { keepRecord } from '../../lib/services/endService';
import type { Context } from './context';
import { assessService, glanceAt, isRunning, lookAtService, type Subject } from '../../lib/services/judgeService';
import { observePods, type AnchoredPod } from '../../lib/services/observe';
import { within } from '../../lib/timeLimit';
import type { Sight } from './cache/sights';
import { isRefusal } from './failure';
import { endedState, openState, unknownState, type State } from './state';
import { serviceWithState } from './view';

export interface Polled {
  readonly anchor: Anchor;
  readonly state: State;
}

/** Half of what the client of a hub waits by default; what it does not wait for is an error to it. */
const PATIENCE_MS = 10_000;

/** A ready pod is a running service whatever the time is: found out once for each change. */
const running = new WeakMap<Sight, Polled>();

/** Undefined when there is no such service. No API request while it runs and the cache is warm. */
export async function pollService(context: Context, sought: Required<Sought>, call: Call): Promise<Polled | undefined> {
  const sight = context.cache.look(sought);
  const known = sight && running.get(sight);
  return known ?? ask(context, { sought, sight }, { signal: within(PATIENCE_MS, call.signal) });
}

interface Seen {
  readonly sought: Required<Sought>;
  readonly sight: Sight | undefined;
}

async function ask(context: Context, { sought, sight }: Seen, call: Call): Promise<Polled | undefined> {
  const seen = sight && (await pollCache(context, sight, call));
  if (seen !== undefined) return seen;
  const polled = await pollCluster(context, sought, call);
  context.cache.warm();
  return polled;
}

/** Only what is alive: that something has ended, or is not there, is final for a hub and never said from memory. */
async function pollCache(context: Context, sight: Sight, call: Call): Promise<Polled | undefined> {
  const newest = sight.anchors.at(-1);
  if (newest === undefined) return undefined;
  if (sight.anchors.some(({ ending, progress }) => (ending ?? progress.ending) !== undefined)) return undefined;
  const { verdict } = await lookAtService(context, { anchor: newest, pods: podsOf(newest, sight.pods) }, call);
  if (verdict.final) return undefined;
  const polled = { anchor: newest, state: openState(verdict) };
  if (isRunning(verdict)) running.set(sight, polled);
  return polled;
}

async function pollCluster(context: Context, sought: Required<Sought>, call: Call): Promise<Polled | undefined> {
  const [anchors, pods] = await Promise.all([findAnchors(context, sought, call), observePods(context, sought, call)]);
  const newest = anchors.at(-1);
  if (newest === undefined) return undefined;
  const { ended, left } = endOf(newest, anchors);
  if (ended?.ending !== undefined) {
    await finishEnd(context, { record: ended, ending: ended.ending, left }, call);
    return { anchor: ended, state: endedState(ended.ending) };
  }
  return { anchor: newest, state: await activeState(context, { anchor: newest, pods: podsOf(newest, pods) }, call) };
}

function podsOf({ uid }: Anchor, pods: readonly AnchoredPod[]): Observed['pods'] {
  return pods.filter(({ anchorUid }) => anchorUid === uid).map(({ pod }) => pod);
}

/**
 * The answer to a poll. While the cluster cannot be asked it says `running: true`, with the reason beside it:
 * BackendSpawner takes any error for "stopped" and would give up a server that is alive (docs/adr/0007).
 */
export async function pollUnlessAway(
  context: Context,
  sought: Required<Sought>,
  call: Call,
): Promise<Response | undefined> {
  try {
    const polled = await pollService(context, sought, call);
    return polled && { status: 200, body: serviceWithState(polled.anchor.start, polled.state) };
  } catch (error) {
    const tell = isRefusal(error) ? context.log.error : context.log.warn;
    tell('a poll could not be answered from the cluster', { servername: sought.servername, error });
    const summary = context.settings.file.error_messages['services.utils.status_service'];
    return {
      status: 200,
      headers: { 'retry-after': '5' },
      body: { servername: sought.servername, ...unknownState(summary) },
    };
  }
}

/** Diagnosis without further requests, for lists. */
export function listedState(context: Context, anchor: Anchor, pods: Observed['pods']): State {
  const ending = anchor.ending ?? anchor.progress.ending;
  if (ending !== undefined) return endedState(ending);
  return openState(glanceAt(context, { anchor, pods }));
}

async function activeState(context: Context, subject: Subject, call: Call): Promise<State> {
  const { verdict, ending } = await assessService(context, subject, call);
  if (ending === undefined) return openState(verdict);
  const { anchor } = subject;
  return context.cache.during(anchor.start, async () => {
    await concludeService(context, { anchor, ending }, call);
    return { result: endedState(ending), traces: [`removed ${anchor.uid}`] };
  });
}

/** The record of a start's end, and the anchor that a kill may have left beside it; a repeat may have started anew since. */
function endOf({ start: { startId, startDate } }: Anchor, anchors: readonly Anchor[]) {
  const same = anchors.filter(({ start }) => start.startId === startId && start.startDate === startDate);
  return {
    ended: same.find(({ ending }) => ending !== undefined),
    left: same.filter(({ ending }) => ending === undefined),
  };
}

interface Unfinished {
  readonly record: Anchor;
  readonly ending: Ending;
  readonly left: readonly Anchor[];
}

/** Nothing is left to do here unless somebody was killed in between. */
async function finishEnd(context: Context, { record, ending, left }: Unfinished, call: Call): Promise<void> {
  await Promise.all(left.map(async (anchor) => removeAnchor(context, anchor, call)));
  if (record.name !== anchorName(record.start)) await keepRecord(context, { record, ending }, call);
}
