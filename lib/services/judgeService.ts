// Looks at an active service, decides how it is, and when it is over for good writes that down and cleans up.
import type { Call } from '../kube/kube';
import { diagnose } from '../status/diagnosis';
import type { KubeEvent, Observed } from '../status/observed';
import type { Verdict } from '../status/verdict';
import type { Anchor, Ending } from './anchor';
import { concludeService } from './concludeService';
import { policyOf } from './configuration';
import type { ServiceContext } from './context';
import { observeDeployment, observeEvents } from './observe';

export interface Subject {
  readonly anchor: Anchor;
  readonly pods: Observed['pods'];
}

export interface Judgement {
  readonly verdict: Verdict;
  /** Present when the service is over; its objects are removed by then. */
  readonly ending: Ending | undefined;
}

export interface Look {
  readonly verdict: Verdict;
  readonly events: readonly KubeEvent[];
}

/** No API request while the pods say that all is well; Deployment and events are only read when they do not. */
export async function lookAtService(context: ServiceContext, subject: Subject, call: Call): Promise<Look> {
  const { clock, settings } = context;
  const policy = policyOf(settings);
  const beganAt = subject.anchor.createdAt.toISOString();
  const glance = diagnose({ start: { beganAt }, pods: subject.pods, events: [] }, policy, clock());
  if (isRunning(glance)) return { verdict: glance, events: [] };
  const [deployment, events] = await Promise.all([
    observeDeployment(context, subject.anchor, call),
    observeEvents(context, subject.pods, call),
  ]);
  const completedAt = deployment === undefined ? completionOf(subject) : undefined;
  const observed = { start: { beganAt, completedAt }, pods: subject.pods, deployment, events };
  return { verdict: diagnose(observed, policy, clock()), events };
}

/** Its pods alone say that all is well. */
export function isRunning({ step, phase }: Verdict): boolean {
  return step === 'ready' && phase === 'running';
}

/** `subject` comes from direct reads: what it shows may end the service. */
export async function judgeService(context: ServiceContext, subject: Subject, call: Call): Promise<Judgement> {
  const { verdict, events } = await lookAtService(context, subject, call);
  if (!verdict.final) return { verdict, ending: undefined };
  return { verdict, ending: await concludeService(context, { anchor: subject.anchor, verdict, events }, call) };
}

/** A start is complete or was given up by then: longer than any request may take. */
const START_BUDGET_MS = 60_000;

/** A missing Deployment was there before if it has left pods; otherwise it may still be on its way. */
function completionOf({ anchor, pods }: Subject): string {
  const [proof] = pods.flatMap(({ metadata }) => metadata?.creationTimestamp ?? []);
  return proof ?? new Date(anchor.createdAt.getTime() + START_BUDGET_MS).toISOString();
}
