// Pods that find no node: full nodes may get room, nodes that do not fit will not change, an autoscaler may add some.
import { TOLD } from '../restoring';
import { firstTimeOf, lastTimeOf, withReason } from './events';
import type { Scene } from './scene';
import { evidenceOf } from './scene';
import { after, latest } from './times';
import type { Finding } from './verdict';
import { excerpt } from './verdict';

/** cluster-autoscaler and Karpenter. */
const HELP_COMES = ['TriggeredScaleUp', 'Nominated'];
const NO_HELP = ['NotTriggerScaleUp'];
const MAY_CHANGE = /Insufficient|Too many pods|free ports|unbound immediate PersistentVolumeClaims|max volume count/i;

interface Refusal {
  readonly cause: string;
  readonly since: number;
  readonly mayChange: boolean;
}

export function schedulingFinding(scene: Scene): Finding | undefined {
  const { pod } = scene;
  if (!pod || pod.isOnNode || pod.scheduled.isTrue) return undefined;
  if (pod.scheduled.reason === 'SchedulingGated') return restoring(scene) ?? gated();
  const refusal = refusalOf(scene, pod.scheduled);
  if (!refusal) return undefined;
  return /persistentvolumeclaim/i.test(refusal.cause) ? claimFinding(scene, refusal) : nodeFinding(scene, refusal);
}

function refusalOf(scene: Scene, scheduled: { message: string; changedAt: number | undefined }): Refusal | undefined {
  const event = withReason(evidenceOf(scene, scene.podEvents), 'FailedScheduling').at(-1);
  const cause = scheduled.message || event?.message;
  if (!cause) return undefined;
  const since = scheduled.changedAt ?? (event && firstTimeOf(event)) ?? scene.start.beganAt;
  return { cause, since, mayChange: MAY_CHANGE.test(cause) };
}

/** What the function `archive` tells a pod that waits for its volume. A failure is the end of this start: the next one asks anew. */
function restoring({ podEvents }: Scene): Finding | undefined {
  const failure = withReason(podEvents, TOLD.failed).at(-1);
  if (failure) {
    const message = excerpt(failure.message);
    return { reason: TOLD.failed, message, retryable: true, finalAt: firstTimeOf(failure) };
  }
  const news = withReason(podEvents, TOLD.underway).at(-1);
  return news && { reason: TOLD.underway, message: excerpt(news.message), retryable: true, finalAt: Infinity };
}

function gated(): Finding {
  const message = 'The pod waits until a queue or a controller admits it.';
  return { reason: 'Unschedulable', message, retryable: true, finalAt: Infinity };
}

function claimFinding({ policy }: Scene, { cause, since, mayChange }: Refusal): Finding {
  return {
    reason: 'VolumeMount',
    message: `The pod waits for its volume: ${excerpt(cause)} Check the claim and its storage class.`,
    retryable: mayChange,
    finalAt: after(since, mayChange ? policy.volumeGraceSeconds : policy.placementGraceSeconds),
  };
}

function nodeFinding(scene: Scene, refusal: Refusal): Finding {
  const finalAt = hopelessAt(scene, refusal);
  const advice = refusal.mayChange
    ? 'Wait until others finish, or ask for less.'
    : 'Correct node selector, affinity or tolerations in the service description, or ask for less.';
  return {
    reason: 'Unschedulable',
    message: `No node can take the pod: ${excerpt(refusal.cause)} ${finalAt === Infinity ? 'A new node is on its way.' : advice}`,
    retryable: true,
    finalAt,
  };
}

/** The later word of an autoscaler counts. */
function hopelessAt({ policy, podEvents }: Scene, { since, mayChange }: Refusal): number {
  const helpAt = latest(...withReason(podEvents, ...HELP_COMES).map(lastTimeOf));
  const refusals = withReason(podEvents, ...NO_HELP);
  if (helpAt > 0 && helpAt >= latest(...refusals.map(lastTimeOf))) return Infinity;
  const patience = after(since, mayChange ? policy.capacityGraceSeconds : policy.placementGraceSeconds);
  const [refused] = refusals;
  if (!refused) return patience;
  const hopeless = after(latest(firstTimeOf(refused), helpAt), policy.placementGraceSeconds);
  return helpAt > 0 ? hopeless : Math.min(patience, hopeless);
}
