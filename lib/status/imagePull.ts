// Images that do not come: told apart by whether the registry said no or could not be asked.
import type { Container } from './containers';
import { countOf, firstTimeOf, isAboutContainer, lastTimeOf } from './events';
import type { KubeEvent } from './observed';
import type { Scene } from './scene';
import { evidenceOf } from './scene';
import { after, earliest, latest } from './times';
import type { Finding } from './verdict';
import { excerpt } from './verdict';

export const NEVER_A_NAME = new Set(['InvalidImageName', 'ErrImageNeverPull', 'SignatureValidationFailed']);
export const PULL_FAILED = new Set(['ErrImagePull', 'ImagePullBackOff', 'ImageInspectError', 'RegistryUnavailable']);

/** Asked first: a proxy's "503 ... not found" is no answer of the registry. */
const NO_ANSWER =
  /timeout|timed out|deadline|connection (refused|reset)|\b5\d\d\b|\b429\b|toomanyrequests|too many requests|QPS exceeded|\bEOF\b|no such host|misbehaving|no space left|unavailable/i;
const REFUSED =
  /not ?found|manifest unknown|name unknown|unauthori[sz]ed|\b40[134]\b|denied|forbidden|does not exist|authentication required|no match(ing manifest| for platform)|invalid reference/i;

export function imageFinding(scene: Scene, container: Container): Finding | undefined {
  const { reason, message } = container.waiting ?? { reason: '', message: '' };
  if (NEVER_A_NAME.has(reason)) return unusable(scene, container, `${reason}: ${message}`);
  if (!PULL_FAILED.has(reason)) return undefined;
  const failures = evidenceOf(scene, scene.podEvents).filter(
    (event) => isAboutContainer(event, container.name) && event.message?.startsWith('Failed to pull image'),
  );
  const cause = causeOf(message, failures);
  const since = failures.length > 0 ? earliest(...failures.map(firstTimeOf)) : waitingSince(scene, container);
  return isRefusal(cause)
    ? {
        ...refused(container, cause),
        finalAt: Math.min(after(since, scene.policy.imageGraceSeconds), secondTry(failures)),
      }
    : { ...unanswered(container, cause), finalAt: after(since, scene.policy.registryGraceSeconds) };
}

/** The latest moment at which the container can have begun to wait. */
export function waitingSince({ pod }: Scene, container: Container): number {
  return latest(pod?.scheduledAt, container.lastExit?.finishedAt);
}

function unusable(scene: Scene, { image, name, ...container }: Container, cause: string): Finding {
  return {
    reason: 'ImagePull',
    message: `The image "${image}" of container "${name}" cannot be used: ${excerpt(cause)} Correct the image in the service description.`,
    retryable: false,
    finalAt: waitingSince(scene, { image, name, ...container }),
    container: name,
  };
}

function refused({ image, name }: Container, cause: string): Omit<Finding, 'finalAt'> {
  return {
    reason: 'ImagePull',
    message: `The image "${image}" of container "${name}" does not exist or may not be pulled: ${excerpt(cause)} Check its name, its tag and the pull secret.`,
    retryable: false,
    container: name,
  };
}

function unanswered({ image, name }: Container, cause: string): Omit<Finding, 'finalAt'> {
  return {
    reason: 'ImagePull',
    message: `The image "${image}" of container "${name}" could not be pulled yet: ${excerpt(cause)} Kubernetes tries again; if this stays, check the registry.`,
    retryable: true,
    container: name,
  };
}

/** The back-off's own text says nothing about the cause, so an event's text goes first there. */
function causeOf(message: string, failures: readonly KubeEvent[]): string {
  const isCause = message !== '' && !/^Back-off pulling image "[^"]*"$/.test(message);
  return (isCause ? undefined : failures.at(-1)?.message) ?? message;
}

/** Quoted names are left out: an image may be called "denied". */
function isRefusal(cause: string): boolean {
  const words = cause.replace(/"[^"]*"/g, '');
  return !NO_ANSWER.test(words) && REFUSED.test(words);
}

function secondTry(failures: readonly KubeEvent[]): number {
  return earliest(...failures.filter((event, index) => index > 0 || countOf(event) > 1).map(lastTimeOf));
}
