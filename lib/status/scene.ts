// The part of what was observed that decides now: Deployment, current pod, its main container, events, and was it ever ready.
import type { Container } from './containers';
import { eventsOfPod, sortEvents } from './events';
import type { KubeEvent, Observed } from './observed';
import type { PodState } from './pods';
import { currentPod, newestFirst, podState } from './pods';
import type { Policy } from './policy';
import type { DeploymentState, Readiness, StartTimes } from './readiness';
import { deploymentState, readinessOf, startTimes } from './readiness';

export interface Scene extends Readiness {
  readonly policy: Policy;
  readonly start: StartTimes;
  readonly deployment?: DeploymentState | undefined;
  readonly pod?: PodState | undefined;
  readonly main?: Container | undefined;
  /** Ended and terminating pods, newest first. */
  readonly pastPods: readonly PodState[];
  /** Every event, oldest first, and those of the current pod. */
  readonly events: readonly KubeEvent[];
  readonly podEvents: readonly KubeEvent[];
  readonly isReady: boolean;
}

export function sceneOf(observed: Observed, policy: Policy): Scene {
  const start = startTimes(observed.start);
  const deployment = observed.deployment && deploymentState(observed.deployment);
  const pods = newestFirst(observed.pods.map((pod) => podState(pod, policy.mainContainer)));
  const pod = currentPod(pods);
  const events = sortEvents(observed.events);
  return {
    policy,
    start,
    deployment,
    pod,
    main: pod?.containers.find(({ role }) => role === 'main'),
    pastPods: pods.filter(({ isPast }) => isPast),
    events,
    podEvents: pod ? eventsOfPod(events, pod) : [],
    isReady: pod?.isReady ?? false,
    ...readinessOf({ policy, start, deployment, pod }),
  };
}

/** Events that may prove a failure. */
export function evidenceOf({ policy }: Scene, events: readonly KubeEvent[]): readonly KubeEvent[] {
  return events.filter(({ type = '' }) => policy.eventTypesToFail.includes(type));
}
