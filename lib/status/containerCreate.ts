// Containers that cannot be made: something they refer to is missing, or the runtime fails.
import type { Container } from './containers';
import { firstTimeOf, isAboutContainer, withReason } from './events';
import { waitingSince } from './imagePull';
import type { Scene } from './scene';
import { evidenceOf } from './scene';
import { after, earliest } from './times';
import type { Finding } from './verdict';
import { excerpt } from './verdict';

const CONFIG_ERROR = 'CreateContainerConfigError';
/** The kubelet has not seen the Secret or ConfigMap yet, which is no word about whether it exists. */
const NOT_SEEN_YET = /failed to sync \w+ cache|timed out waiting|context deadline exceeded/i;
const CREATE_FAILED = new Set([
  'CreateContainerError',
  'RunContainerError',
  'PostStartHookError',
  'PreCreateHookError',
]);

/** What the runtime says when the fault is in the description, not in the runtime. */
export const CANNOT_RUN =
  /executable file not found|no such file or directory|no command specified|permission denied|exec format error|is a directory|not a directory/i;

export function createFinding(scene: Scene, container: Container): Finding | undefined {
  const { reason, message } = container.waiting ?? { reason: '', message: '' };
  if (reason !== CONFIG_ERROR && !CREATE_FAILED.has(reason)) return undefined;
  // It was created and could not be run: that is the command, and the command stays.
  if (reason === 'RunContainerError' && CANNOT_RUN.test(message))
    return { ...wrong(container.name, message), finalAt: waitingSince(scene, container) };
  const since = failingSince(scene, container);
  return (reason === CONFIG_ERROR && !NOT_SEEN_YET.test(message)) || CANNOT_RUN.test(message)
    ? { ...wrong(container.name, message), finalAt: after(since, scene.policy.configGraceSeconds) }
    : { ...broken(container.name, message), finalAt: after(since, scene.policy.runtimeGraceSeconds) };
}

function wrong(container: string, cause: string): Omit<Finding, 'finalAt'> {
  return {
    reason: 'ConfigError',
    message: `Container "${container}" cannot be created: ${excerpt(cause)} Correct the service description or create what is missing.`,
    retryable: false,
    container,
  };
}

function broken(container: string, cause: string): Omit<Finding, 'finalAt'> {
  return {
    reason: 'ContainerRuntime',
    message: `The node could not create container "${container}" yet: ${excerpt(cause)} Kubernetes tries again; if this stays, the node needs attention.`,
    retryable: true,
    container,
  };
}

/** The image may have taken minutes before this, so the first "Error: ..." event knows better than the age of the pod. */
function failingSince(scene: Scene, container: Container): number {
  const failures = withReason(evidenceOf(scene, scene.podEvents), 'Failed').filter(
    (event) => isAboutContainer(event, container.name) && /^Error: (?!ErrImage|Image)/.test(event.message ?? ''),
  );
  return failures.length > 0 ? earliest(...failures.map(firstTimeOf)) : waitingSince(scene, container);
}
