// What keeps a job from running, in the words of the diagnosis of services: image, node, volume, quota. Pure.
import { hasEnded } from '../../../lib/jobs/attempts';
import type { ObservedJob } from '../../../lib/jobs/observedJob';
import { diagnose } from '../../../lib/status/diagnosis';
import type { KubeEvent, Pod } from '../../../lib/status/observed';
import { policySettings, type Policy } from '../../../lib/status/policy';
import type { Reason } from '../../../lib/status/verdict';

export interface Trouble {
  readonly reason: Reason;
  readonly message: string;
}

/** A job waits as long as its waiting limit says; nothing here ends it. */
const PATIENT: Policy = { ...policySettings.parse({}), startTimeoutSeconds: 0 };

/** `events` are about the Job and its pods. */
export function troubleOf(
  job: ObservedJob,
  { pods, events }: { readonly pods: readonly Pod[]; readonly events: readonly KubeEvent[] },
  now: Date,
): Trouble | undefined {
  const waiting = pods.filter((pod) => !hasEnded(pod));
  // The diagnosis looks for a Deployment; a Job without a pod is one whose pods are refused, or not made yet.
  const observed = { start: { beganAt: job.metadata?.creationTimestamp ?? '' }, pods: waiting, events };
  const policy = { ...PATIENT, mainContainer: waiting[0]?.spec?.containers?.[0]?.name ?? PATIENT.mainContainer };
  const { reason, message } = diagnose(observed, policy, now);
  return reason === undefined || reason === 'PodReplaced' ? undefined : { reason, message };
}
