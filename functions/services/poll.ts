// The state of one service: looked up, diagnosed, and when it is over for good written down and cleaned away.
import type { Response } from '../../lib/http/message';
import type { Call } from '../../lib/kube/kube';
import { diagnose } from '../../lib/status/diagnosis';
import type { Observed } from '../../lib/status/observed';
import type { Policy } from '../../lib/status/policy';
import { anchorName, type Anchor, type Ending, type Sought } from './anchors/anchor';
import { findAnchors, removeAnchor } from './anchors/anchors';
import { keepRecord } from './anchors/endService';
import type { Context } from './context';
import { concludeService } from './state/ending';
import { observeDeployment, observeEvents, observePods } from './state/observe';
import { isRefusal } from './failure';
import type { Settings } from './settings';
import { endedState, openState, unknownState, type State } from './state/state';
import { serviceWithState } from './view';

export interface Polled {
  readonly anchor: Anchor;
  readonly state: State;
}

/** Undefined when there is no such service. Two API requests while it runs; more are spent only on trouble. */
export async function pollService(context: Context, sought: Required<Sought>, call: Call): Promise<Polled | undefined> {
  const [seen, pods] = await Promise.all([
    findAnchors(context, sought, { signal: call.signal, resourceVersion: '0' }),
    observePods(context, sought, call),
  ]);
  // A miss may only be a cache behind its time, and a hub that hears 404 gives the server up.
  const anchors = seen.length > 0 ? seen : await findAnchors(context, sought, { signal: call.signal });
  const newest = anchors.at(-1);
  if (newest === undefined) return undefined;
  const { ended, left } = endOf(newest, anchors);
  if (ended?.ending !== undefined) {
    await finishEnd(context, { record: ended, ending: ended.ending, left }, call);
    return { anchor: ended, state: endedState(ended.ending) };
  }
  const own = pods.filter(({ anchorUid }) => anchorUid === newest.uid).map(({ pod }) => pod);
  return { anchor: newest, state: await activeState(context, { anchor: newest, pods: own }, call) };
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
    if (isRefusal(error)) throw error;
    const summary = context.settings.file.error_messages['services.utils.status_service'];
    context.log.warn('a poll could not be answered from the cluster', { servername: sought.servername, error });
    return {
      status: 200,
      headers: { 'retry-after': '5' },
      body: { servername: sought.servername, ...unknownState(summary) },
    };
  }
}

/** Diagnosis without further requests, for lists. */
export function listedState({ settings, clock }: Context, anchor: Anchor, pods: Observed['pods']): State {
  if (anchor.ending !== undefined) return endedState(anchor.ending);
  const start = { beganAt: anchor.createdAt.toISOString() };
  return openState(diagnose({ start, pods, events: [] }, policyOf(settings), clock()));
}

interface Subject {
  readonly anchor: Anchor;
  readonly pods: Observed['pods'];
}

async function activeState(context: Context, subject: Subject, call: Call): Promise<State> {
  const { clock, settings } = context;
  const policy = policyOf(settings);
  const beganAt = subject.anchor.createdAt.toISOString();
  const glance = diagnose({ start: { beganAt }, pods: subject.pods, events: [] }, policy, clock());
  if (glance.step === 'ready' && glance.phase === 'running') return openState(glance);
  const [deployment, events] = await Promise.all([
    observeDeployment(context, subject.anchor, call),
    observeEvents(context, subject.pods, call),
  ]);
  const completedAt = deployment === undefined ? completionOf(subject) : undefined;
  const observed = { start: { beganAt, completedAt }, pods: subject.pods, deployment, events };
  const verdict = diagnose(observed, policy, clock());
  if (!verdict.final) return openState(verdict);
  return endedState(await concludeService(context, { anchor: subject.anchor, verdict, events }, call));
}

/** A start is complete or was given up by then: longer than any request may take. */
const START_BUDGET_MS = 60_000;

/** A missing Deployment was there before if it has left pods; otherwise it may still be on its way. */
function completionOf({ anchor, pods }: Subject): string {
  const [proof] = pods.flatMap(({ metadata }) => metadata?.creationTimestamp ?? []);
  return proof ?? new Date(anchor.createdAt.getTime() + START_BUDGET_MS).toISOString();
}

/** The record of a start's end, and the anchor that a kill may have left beside it. */
function endOf({ start: { startId } }: Anchor, anchors: readonly Anchor[]) {
  const same = anchors.filter(({ start }) => start.startId === startId);
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

function policyOf({ file }: Settings): Policy {
  const { status_policy, container_main_name, pod_events_to_fail } = file.services;
  return { ...status_policy, mainContainer: container_main_name, eventTypesToFail: pod_events_to_fail };
}
