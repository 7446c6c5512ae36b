// Looks at an active service and decides how it is; `judgeService` also cleans up when it is over for good.
import type { Call } from '../kube/kube';
import { diagnose } from '../status/diagnosis';
import type { Observed } from '../status/observed';
import type { Verdict } from '../status/verdict';
import type { Anchor, Ending } from './anchor';
import { concludeService, endingOf } from './concludeService';
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

/** By the time an ending is answered, the service's objects are removed. */
export async function judgeService(context: ServiceContext, subject: Subject, call: Call): Promise<Judgement> {
  const judgement = await assessService(context, subject, call);
  const { ending } = judgement;
  if (ending !== undefined) await concludeService(context, { anchor: subject.anchor, ending }, call);
  return judgement;
}

/** No API request while the pods say that all is well; Deployment and events are only read when they do not. */
export async function assessService(context: ServiceContext, subject: Subject, call: Call): Promise<Judgement> {
  const { clock, settings } = context;
  const policy = policyOf(settings);
  const start = { beganAt: subject.anchor.createdAt.toISOString(), readyAt: readyAt(subject.anchor.progress) };
  const glance = diagnose({ start, pods: subject.pods, events: [] }, policy, clock());
  if (subject.anchor.progress.ending !== undefined) return { verdict: glance, ending: subject.anchor.progress.ending };
  if (glance.step === 'ready' && glance.phase === 'running') return { verdict: glance, ending: undefined };
  const [deployment, events] = await Promise.all([
    observeDeployment(context, subject.anchor, call),
    observeEvents(context, subject.pods, call),
  ]);
  const completedAt = deployment === undefined ? completionOf(subject) : undefined;
  const observed = { start: { ...start, completedAt }, pods: subject.pods, deployment, events };
  const verdict = diagnose(observed, policy, clock());
  if (!verdict.final) return { verdict, ending: undefined };
  return { verdict, ending: await endingOf(context, { verdict, events }, call) };
}

/** A start is complete or was given up by then: longer than any request may take. */
const START_BUDGET_MS = 60_000;

/** A missing Deployment was there before if it has left pods; otherwise it may still be on its way. */
function completionOf({ anchor, pods }: Subject): string {
  const [proof] = pods.flatMap(({ metadata }) => metadata?.creationTimestamp ?? []);
  return proof ?? new Date(anchor.createdAt.getTime() + START_BUDGET_MS).toISOString();
}
