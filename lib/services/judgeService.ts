// Looks at an active service and decides how it is.
import type { Call } from '../kube/kube';
import { diagnose } from '../status/diagnosis';
import type { KubeEvent, Observed } from '../status/observed';
import type { Verdict } from '../status/verdict';
import type { Anchor } from './anchor';
import type { Ending } from './ending';
import { endingOf } from './concludeService';
import { policyOf } from './configuration';
import type { ServiceContext } from './context';
import { observeDeployment, observeEvents } from './observe';
import { readyAt } from './progress';

export interface Subject {
  readonly anchor: Anchor;
  readonly pods: Observed['pods'];
}

export interface Judgement {
  readonly verdict: Verdict;
  /** Present when the service is over. */
  readonly ending: Ending | undefined;
}

export interface Look {
  readonly verdict: Verdict;
  readonly events: readonly KubeEvent[];
}

/** An end that was seen once stays the end, whatever Kubernetes starts again. `subject` comes from direct reads. */
export async function assessService(context: ServiceContext, subject: Subject, call: Call): Promise<Judgement> {
  const { ending } = subject.anchor.progress;
  if (ending !== undefined) return { verdict: glanceAt(context, subject), ending };
  const { verdict, events } = await lookAtService(context, subject, call);
  if (!verdict.final) return { verdict, ending: undefined };
  return { verdict, ending: await endingOf(context, { verdict, events }, call) };
}

/** No API request while the pods say that all is well; Deployment and events are only read when they do not. */
export async function lookAtService(context: ServiceContext, subject: Subject, call: Call): Promise<Look> {
  const glance = glanceAt(context, subject);
  if (isRunning(glance)) return { verdict: glance, events: [] };
  const { anchor, pods } = subject;
  const [deployment, events] = await Promise.all([
    observeDeployment(context, anchor, call),
    observeEvents(context, pods, call),
  ]);
  const completedAt = deployment === undefined ? completionOf(subject) : undefined;
  const observed = { start: { ...startOf(anchor), completedAt }, pods, deployment, events };
  return { verdict: diagnose(observed, policyOf(context.settings), context.clock()), events };
}

/** Its pods alone say that all is well. */
export function isRunning({ step, phase }: Verdict): boolean {
  return step === 'ready' && phase === 'running';
}

/** What the pods alone say. */
export function glanceAt({ settings, clock }: ServiceContext, { anchor, pods }: Subject): Verdict {
  return diagnose({ start: startOf(anchor), pods, events: [] }, policyOf(settings), clock());
}

function startOf({ createdAt, progress }: Anchor): Observed['start'] {
  return { beganAt: createdAt.toISOString(), readyAt: readyAt(progress) };
}

/** A start is complete or was given up by then: longer than any request may take. */
const START_BUDGET_MS = 60_000;

/** A missing Deployment was there before if it has left pods; otherwise it may still be on its way. */
function completionOf({ anchor, pods }: Subject): string {
  const [proof] = pods.flatMap(({ metadata }) => metadata?.creationTimestamp ?? []);
  return proof ?? new Date(anchor.createdAt.getTime() + START_BUDGET_MS).toISOString();
}
