// How far a start has come, and the words for it; also the one trouble that is only ever progress: a failing probe.
import type { Container } from './containers';
import { withReason } from './events';
import { NEVER_A_NAME, PULL_FAILED } from './imagePull';
import type { PodState } from './pods';
import type { Scene } from './scene';
import { evidenceOf } from './scene';
import type { Finding, Step } from './verdict';
import { excerpt } from './verdict';

const NOT_BEGUN = new Set(['', 'ContainerCreating', 'PodInitializing']);

const MESSAGES: Readonly<Record<Step, string>> = {
  creating: 'Waiting for Kubernetes to create the pod.',
  scheduling: 'Waiting for a node.',
  mounting: 'Preparing volumes and network of the pod.',
  pulling: 'Pulling the image.',
  starting: 'The containers are starting.',
  ready: 'The service is running.',
};

export function stepOf(scene: Scene): Step {
  const { pod } = scene;
  if (!pod) return 'creating';
  if (pod.isReady) return 'ready';
  return pod.isOnNode ? nodeStep(scene, pod) : 'scheduling';
}

export function progressMessage(scene: Scene): string {
  return scene.main?.isRunning && !scene.isReady ? 'The container runs but is not ready yet.' : MESSAGES[stepOf(scene)];
}

export function probeFinding(scene: Scene): Finding | undefined {
  const { main } = scene;
  if (!main?.isRunning || main.isReady) return undefined;
  const failure = withReason(evidenceOf(scene, scene.podEvents), 'Unhealthy').at(-1);
  if (!failure) return undefined;
  const message = `The container runs but does not answer its probe: ${excerpt(failure.message)}`;
  return { reason: 'Unhealthy', message, retryable: true, finalAt: Infinity, container: main.name };
}

/** It waits for more than volumes, network or another container, or does not wait at all. */
export function hasBegun({ waiting }: Container): boolean {
  return !waiting || !NOT_BEGUN.has(waiting.reason);
}

function nodeStep({ podEvents }: Scene, pod: PodState): Step {
  if (pod.containers.some(isPulling)) return 'pulling';
  if (pod.containers.some(hasBegun)) return 'starting';
  const newest = withReason(podEvents, 'Pulling', 'Pulled').at(-1)?.reason;
  if (newest === 'Pulled') return 'starting';
  return newest === 'Pulling' || pod.isPrepared ? 'pulling' : 'mounting';
}

function isPulling({ waiting }: Container): boolean {
  return waiting !== undefined && (PULL_FAILED.has(waiting.reason) || NEVER_A_NAME.has(waiting.reason));
}
