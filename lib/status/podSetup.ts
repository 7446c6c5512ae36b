// Pods on a node whose volumes or network do not come; only while no container has begun.
import { firstTimeOf, lastTimeOf, withReason } from './events';
import type { KubeEvent } from './observed';
import { hasBegun } from './progress';
import type { Scene } from './scene';
import { evidenceOf } from './scene';
import { after, earliest, latest } from './times';
import type { Finding } from './verdict';
import { excerpt } from './verdict';

const VOLUME_EVENTS = ['FailedMount', 'FailedAttachVolume', 'FailedMapVolume', 'FailedMountOnFilesystemMismatch'];
const SANDBOX_EVENTS = ['FailedCreatePodSandBox', 'NetworkNotReady'];
/** Kubelet events that come after the volumes and the sandbox. */
const BEYOND_SETUP = ['Pulling', 'Pulled', 'Created', 'Started'];
const MISSING_OBJECT = /(configmap|secret) "[^"]*" not found|references non-existent (config|secret) key/i;

export function setupFinding(scene: Scene): Finding | undefined {
  const { pod, policy } = scene;
  if (!pod?.isOnNode || pod.isPrepared || pod.containers.some(hasBegun)) return undefined;
  const volume = current(scene, VOLUME_EVENTS);
  const missing = volume.filter(({ message }) => MISSING_OBJECT.test(message ?? ''));
  if (missing.length > 0) return { ...missingObject(missing), finalAt: since(missing, policy.configGraceSeconds) };
  if (volume.length > 0) return { ...volumeTrouble(volume), finalAt: since(volume, policy.volumeGraceSeconds) };
  const sandbox = current(scene, SANDBOX_EVENTS);
  return sandbox.length > 0
    ? { ...sandboxTrouble(sandbox), finalAt: since(sandbox, policy.sandboxGraceSeconds) }
    : undefined;
}

function missingObject(events: readonly KubeEvent[]): Omit<Finding, 'finalAt'> {
  return {
    reason: 'ConfigError',
    message: `A volume of the pod refers to something that does not exist: ${excerpt(events.at(-1)?.message)} Correct the service description or create what is missing.`,
    retryable: false,
  };
}

function volumeTrouble(events: readonly KubeEvent[]): Omit<Finding, 'finalAt'> {
  return {
    reason: 'VolumeMount',
    message: `A volume of the pod cannot be mounted yet: ${excerpt(events.at(-1)?.message)} It may still be in use elsewhere; if this stays, check the volume.`,
    retryable: true,
  };
}

function sandboxTrouble(events: readonly KubeEvent[]): Omit<Finding, 'finalAt'> {
  return {
    reason: 'PodSandbox',
    message: `The node could not give the pod a network yet: ${excerpt(events.at(-1)?.message)} Kubernetes tries again; if this stays, the node needs attention.`,
    retryable: true,
  };
}

function since(events: readonly KubeEvent[], graceSeconds: number): number {
  return after(earliest(...events.map(firstTimeOf)), graceSeconds);
}

/** A later event of the next step shows that the trouble is over. */
function current(scene: Scene, reasons: readonly string[]): readonly KubeEvent[] {
  const events = withReason(evidenceOf(scene, scene.podEvents), ...reasons);
  const beyond = latest(...withReason(scene.podEvents, ...BEYOND_SETUP).map(lastTimeOf));
  return latest(...events.map(lastTimeOf)) > beyond ? events : [];
}
