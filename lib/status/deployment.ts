// What the Deployment itself tells: it is gone or scaled down, or its pods are not admitted.
import { firstTimeOf, withReason } from './events';
import type { Scene } from './scene';
import { evidenceOf } from './scene';
import { after, earliest } from './times';
import type { Finding } from './verdict';
import { excerpt } from './verdict';

const WEBHOOK_TROUBLE = /failed calling webhook|internal error|timeout|connection refused/i;

export function goneFinding({ deployment, start, policy }: Scene): Finding | undefined {
  if (!deployment && start.completedAt !== undefined)
    return { ...DELETED, finalAt: after(start.completedAt, policy.deletedGraceSeconds) };
  if (deployment?.isDeleting) return { ...DELETED, finalAt: start.beganAt };
  return deployment?.isScaledDown ? { ...SCALED_DOWN, finalAt: start.beganAt } : undefined;
}

const DELETED = {
  reason: 'Deleted',
  message: 'The service was deleted. Start it again.',
  retryable: true,
  clean: true,
} as const;

const SCALED_DOWN = {
  reason: 'ScaledDown',
  message: 'The service was scaled down to zero. Start it again.',
  retryable: true,
  clean: true,
} as const;

export function refusedPodFinding(scene: Scene): Finding | undefined {
  const failure = scene.deployment?.replicaFailure;
  if (failure?.isTrue) return refusalFinding(scene, failure.message, failure.changedAt ?? scene.start.beganAt);
  const events = withReason(evidenceOf(scene, scene.events), 'FailedCreate');
  const newest = events.at(-1);
  return newest && refusalFinding(scene, newest.message ?? '', earliest(...events.map(firstTimeOf)));
}

function refusalFinding({ policy }: Scene, cause: string, since: number): Finding {
  if (/exceeded quota/i.test(cause)) return { ...quota(cause), finalAt: after(since, policy.quotaGraceSeconds) };
  const isTrouble = WEBHOOK_TROUBLE.test(cause);
  const grace = isTrouble ? policy.runtimeGraceSeconds : policy.configGraceSeconds;
  return { ...forbidden(cause, isTrouble), finalAt: after(since, grace) };
}

function quota(cause: string): Omit<Finding, 'finalAt'> {
  return {
    reason: 'Quota',
    message: `The quota of the namespace is used up: ${excerpt(cause)} Stop another service, or ask for less.`,
    retryable: true,
  };
}

function forbidden(cause: string, retryable: boolean): Omit<Finding, 'finalAt'> {
  return {
    reason: 'Forbidden',
    message: `Kubernetes does not accept the pod: ${excerpt(cause)} Correct the service description or the rules of the namespace.`,
    retryable,
  };
}
