// Pods that were taken away or ended, and the replacement that comes or does not.
import type { PodState } from './pods';
import type { Scene } from './scene';
import { after, latest } from './times';
import type { Finding } from './verdict';
import { excerpt } from './verdict';

/** No pod but ended or terminating ones: the Deployment makes a new one, and soon. */
export function lostPodFinding(scene: Scene): Finding | undefined {
  const { policy, pastPods } = scene;
  const [newest] = pastPods;
  if (!newest) return vanishedFinding(scene);
  if (newest.phase === 'Succeeded') return { ...SUCCEEDED, finalAt: newest.endedAt };
  return { ...lost(newest), finalAt: after(missingSince(scene, newest.endedAt), policy.replacementGraceSeconds) };
}

/** Pods that were lost shortly before the current one was made: a burst of them shows that it will fare no better. */
export function evictionFinding({ policy, pastPods, pod, wasReady, main }: Scene): Finding | undefined {
  if (!pod || wasReady || main?.isRunning) return undefined;
  const windowStart = after(pod.createdAt, -policy.evictionWindowSeconds);
  const burst = pastPods.filter(({ phase, endedAt }) => phase === 'Failed' && endedAt >= windowStart);
  const ends = burst.map(({ endedAt }) => endedAt).sort((a, b) => a - b);
  return burst[0] && { ...lost(burst[0]), finalAt: ends[policy.evictionLimit - 1] ?? Infinity };
}

const SUCCEEDED = {
  reason: 'Exited',
  message: 'The service ended by itself without an error (exit code 0).',
  retryable: true,
  clean: true,
} as const;

function vanishedFinding(scene: Scene): Finding | undefined {
  if (!scene.wasAvailable) return undefined;
  return { ...REPLACED, finalAt: after(missingSince(scene, 0), scene.policy.replacementGraceSeconds) };
}

/** A Deployment that calls itself available has not noticed yet; and the last pod we see need not be the last there was. */
function missingSince({ deployment }: Scene, endedAt: number): number {
  if (deployment?.available.isTrue) return Infinity;
  return latest(endedAt, deployment?.available.changedAt) || Infinity;
}

const REPLACED = {
  reason: 'PodReplaced',
  message: 'The pod of the service is gone; Kubernetes creates a new one.',
  retryable: true,
} as const;

function lost(pod: PodState): Omit<Finding, 'finalAt'> {
  if (pod.phase !== 'Failed' && !pod.disruption.isTrue) return REPLACED;
  const reason = pod.reason === 'DeadlineExceeded' ? 'DeadlineExceeded' : 'Evicted';
  return { reason, message: [lossText(pod), 'Kubernetes creates a new one.'].join(' '), retryable: true };
}

function lossText({ reason, message, disruption }: PodState): string {
  if (reason === 'DeadlineExceeded')
    return 'The pod ran longer than its time limit (activeDeadlineSeconds) and was ended.';
  const cause = excerpt(message || disruption.message);
  return `The pod was taken from its node (${reason || disruption.reason || 'Failed'}).${cause && ` ${cause}`}`;
}
