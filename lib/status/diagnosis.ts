// Decides the state of a started service from pods, events and time. Pure: the same objects and time give the same verdict.
//
// | seen                                                          | reason                        | final after (policy)                                  | retry |
// | ------------------------------------------------------------- | ----------------------------- | ----------------------------------------------------- | ----- |
// | Deployment gone after a complete start, or being deleted      | Deleted                       | deletedGrace / at once                                | yes   |
// | Deployment has 0 replicas                                     | ScaledDown                    | at once                                               | yes   |
// | pod refused: quota                                            | Quota                         | quotaGrace                                            | yes   |
// | pod refused: policy, LimitRange, webhook, ServiceAccount      | Forbidden                     | configGrace (webhook down: runtimeGrace)              | no    |
// | no node has room / no node fits or autoscaler will not help   | Unschedulable                 | capacityGrace / placementGrace                        | yes   |
// | autoscaler adds a node, or the pod is gated                   | Unschedulable                 | start timeout                                         | yes   |
// | gated until its volume is filled from an archive              | Restoring                     | start timeout                                         | yes   |
// | and that failed                                               | RestoreFailed                 | at once                                               | yes   |
// | volume claim missing / unbound, mount or attach fails         | VolumeMount                   | placementGrace / volumeGrace                          | yes   |
// | volume, env or command refers to something missing            | ConfigError                   | configGrace                                           | no    |
// | command not found or not executable, before it served         | ConfigError                   | at once                                               | no    |
// | no network for the pod / runtime cannot create a container    | PodSandbox / ContainerRuntime | sandboxGrace / runtimeGrace                           | yes   |
// | image name invalid, never to be pulled, signature refused     | ImagePull                     | at once                                               | no    |
// | registry says no: not found, unauthorised, wrong platform     | ImagePull                     | second try or imageGrace                              | no    |
// | registry does not answer                                      | ImagePull                     | registryGrace                                         | yes   |
// | main container ended with 0 and nobody killed it              | Exited                        | at once                                               | (1)   |
// | any container ended shortly after its start, crashLimit times | CrashLoop, OutOfMemory        | at that end                                           | (1)   |
// | fewer or late ends: the kubelet restarts it                   | Exited, OutOfMemory           | start timeout                                         | (1)   |
// | pod evicted, preempted, lost with its node, over its deadline | Evicted, DeadlineExceeded     | replacementGrace, or evictionLimit of them in a burst | yes   |
// | pod gone or terminating                                       | PodReplaced                   | replacementGrace                                      | yes   |
// | probe fails                                                   | Unhealthy                     | start timeout                                         | yes   |
// | never ready, no other cause known                             | StartTimeout                  | start timeout                                         | yes   |
//
// (1) yes if it served before: it was ready, and ended later than settle after its first start.
//
// A ready pod is running, whatever other pods of a rollout do. Until the pod was ready, every container counts (no Service
// routes to a pod that is not Ready); afterwards only the main one does, and no start timeout applies.
import type { Container } from './containers';
import { createFinding } from './containerCreate';
import { crashFinding } from './crash';
import { goneFinding, refusedPodFinding } from './deployment';
import { imageFinding } from './imagePull';
import { evictionFinding, lostPodFinding } from './lostPods';
import type { Observed } from './observed';
import { setupFinding } from './podSetup';
import type { PodState } from './pods';
import type { Policy } from './policy';
import { probeFinding, progressMessage, stepOf } from './progress';
import { schedulingFinding } from './scheduling';
import type { Scene } from './scene';
import { sceneOf } from './scene';
import type { Finding, Phase, Verdict } from './verdict';

export function diagnose(observed: Observed, policy: Policy, now: Date): Verdict {
  const scene = sceneOf(observed, policy);
  const findings = findingsOf(scene);
  const final = findings
    .filter(({ finalAt }) => finalAt <= now.getTime())
    .reduce<Finding | undefined>((first, next) => (first && first.finalAt <= next.finalAt ? first : next), undefined);
  return final ? finalVerdict(scene, final) : openVerdict(scene, findings);
}

/** Most telling first; the start timeout ends every one of them and stands alone where no cause is known. */
function findingsOf(scene: Scene): readonly Finding[] {
  const gone = goneFinding(scene);
  if (gone) return [gone];
  if (scene.isReady) return [];
  const causes = (scene.pod ? podFindings(scene, scene.pod) : [refusedPodFinding(scene), lostPodFinding(scene)]).filter(
    (finding) => finding !== undefined,
  );
  const { deadline } = scene;
  return [...causes.map((cause) => (cause.finalAt > deadline ? timedOut(scene, cause) : cause)), noCause(scene)];
}

function podFindings(scene: Scene, pod: PodState): readonly (Finding | undefined)[] {
  const judged = pod.containers.filter(({ role }) => role === 'main' || !scene.wasReady);
  return [
    ...judged.map((container) => containerFinding(scene, container)),
    schedulingFinding(scene),
    setupFinding(scene),
    probeFinding(scene),
    evictionFinding(scene),
  ];
}

function containerFinding(scene: Scene, container: Container): Finding | undefined {
  return imageFinding(scene, container) ?? createFinding(scene, container) ?? crashFinding(scene, container);
}

function timedOut({ deadline, policy }: Scene, cause: Finding): Finding {
  return {
    ...cause,
    finalAt: deadline,
    lateMessage: `Not ready after ${policy.startTimeoutSeconds} seconds. ${cause.message}`,
  };
}

function noCause(scene: Scene): Finding {
  const message = `Not ready after ${scene.policy.startTimeoutSeconds} seconds: ${progressMessage(scene)}`;
  return { reason: 'StartTimeout', message, retryable: true, finalAt: scene.deadline };
}

function finalVerdict(scene: Scene, finding: Finding): Verdict {
  const { reason, retryable, lateMessage, message, container, clean = false } = finding;
  return {
    ...sight(scene, container),
    phase: clean ? 'stopped' : 'failed',
    reason,
    message: lateMessage ?? message,
    retryable,
    final: true,
    finalAt: isoOf(finding.finalAt),
  };
}

function openVerdict(scene: Scene, findings: readonly Finding[]): Verdict {
  const cause = findings.find(({ reason }) => reason !== 'StartTimeout');
  return {
    ...sight(scene, cause?.container),
    phase: openPhase(scene),
    reason: cause?.reason,
    message: cause?.message ?? progressMessage(scene),
    retryable: cause?.retryable ?? true,
    final: false,
    finalAt: isoOf(Math.min(...findings.map(({ finalAt }) => finalAt))),
  };
}

function openPhase({ isReady, wasReady, main }: Scene): Phase {
  return isReady || (wasReady && main?.isRunning) ? 'running' : 'starting';
}

type Sight = Pick<Verdict, 'step' | 'pod' | 'container' | 'restarts' | 'lastExit'>;

function sight(scene: Scene, name: string | undefined): Sight {
  const pod = scene.pod ?? scene.pastPods[0];
  const container = pod?.containers.find((candidate) => candidate.name === name) ?? pod?.containers[0];
  return { step: stepOf(scene), pod: pod?.name, ...(container ? traceOf(container) : { restarts: 0 }) };
}

function traceOf({ name, restarts, exit, lastExit }: Container): Pick<Sight, 'container' | 'restarts' | 'lastExit'> {
  const last = exit ?? lastExit;
  return { container: name, restarts, lastExit: last && { exitCode: last.exitCode, reason: last.reason || undefined } };
}

function isoOf(time: number): string | undefined {
  return Number.isFinite(time) ? new Date(time).toISOString() : undefined;
}
