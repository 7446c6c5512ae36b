// Nodes, volumes, networks, quota and admission.
import type { Case } from '../fixtures';
import {
  at,
  condition,
  container,
  creating,
  deployment,
  event,
  normal,
  pod,
  running,
  scheduled,
  seen,
  unschedulable,
} from '../fixtures';

const full =
  '0/5 nodes are available: 5 Insufficient memory. preemption: 0/5 nodes are available: 5 No preemption victims found.';
const unfit = "0/5 nodes are available: 5 node(s) didn't match Pod's node affinity/selector.";
const scaleUp = (seconds: number) =>
  normal(['TriggeredScaleUp', 'pod triggered scale-up: [{pool 1->2 (max: 5)}]'], seconds);
const noScaleUp = (seconds: number) =>
  normal(['NotTriggerScaleUp', "pod didn't trigger scale-up: 1 max node group size reached"], seconds);
const multiAttach = 'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) lab-0-xyz';
const noConfigMap = 'MountVolume.SetUp failed for volume "config" : configmap "lab-config" not found';
const quota =
  'pods "lab-1-" is forbidden: exceeded quota: hub, requested: limits.memory=4Gi, used: limits.memory=16Gi, limited: limits.memory=16Gi';
const failure = (message: string, seconds = 1) =>
  seen([], [], {
    deployment: deployment([condition('ReplicaFailure=True', seconds, { reason: 'FailedCreate', message: message })]),
  });

export const placementCases: readonly Case[] = [
  {
    it: 'a pod nobody looked at yet waits for a node',
    seen: seen([pod([], { node: '', conditions: [] })]),
    at: 2,
    says: 'starting -',
    more: { step: 'scheduling' },
  },
  {
    it: 'full nodes may get room',
    seen: seen([unschedulable(full)]),
    at: 200,
    says: 'starting Unschedulable',
    more: { retryable: true, step: 'scheduling' },
  },
  {
    it: 'full nodes are given up after the capacity grace',
    seen: seen([unschedulable(full)]),
    at: 303,
    says: 'failed Unschedulable',
    more: { retryable: true },
  },
  {
    it: 'nodes that do not fit are given up sooner',
    seen: seen([unschedulable(unfit)]),
    at: 63,
    says: 'failed Unschedulable',
  },
  {
    it: 'an autoscaler that adds a node is waited for',
    seen: seen([unschedulable(full)], [scaleUp(10)]),
    at: 500,
    says: 'starting Unschedulable',
  },
  {
    it: 'but not beyond the start timeout',
    seen: seen([unschedulable(full)], [scaleUp(10)]),
    at: 602,
    says: 'failed Unschedulable',
  },
  {
    it: 'Karpenter says it in other words',
    seen: seen([unschedulable(unfit)], [normal(['Nominated', 'Pod should schedule on: nodeclaim/default-1'], 10)]),
    at: 200,
    says: 'starting Unschedulable',
  },
  {
    it: 'an autoscaler that will not help makes it hopeless sooner',
    seen: seen([unschedulable(full)], [noScaleUp(12)]),
    at: 73,
    says: 'failed Unschedulable',
  },
  {
    it: 'an autoscaler that tried and then gave up is believed',
    seen: seen([unschedulable(full)], [scaleUp(10), noScaleUp(400)]),
    at: 461,
    says: 'failed Unschedulable',
  },
  {
    it: 'an autoscaler that first refused and then helps is believed',
    seen: seen([unschedulable(full)], [noScaleUp(12), scaleUp(30)]),
    at: 400,
    says: 'starting Unschedulable',
  },
  {
    it: 'a gated pod waits for its queue',
    seen: seen([unschedulable('Scheduling is blocked due to non-empty scheduling gates', 2, 'SchedulingGated')]),
    at: 300,
    says: 'starting Unschedulable',
  },
  {
    it: 'without a condition the event of the scheduler tells (eventTime and series)',
    seen: seen(
      [pod([], { node: '', conditions: [] })],
      [
        event(['FailedScheduling', unfit], 0, {
          firstTimestamp: null,
          lastTimestamp: null,
          count: null,
          eventTime: at(2),
          series: { count: 3, lastObservedTime: at(50) },
        }),
      ],
    ),
    at: 70,
    says: 'failed Unschedulable',
  },
  {
    it: 'a claim that does not exist is trouble of the volume',
    seen: seen([unschedulable('persistentvolumeclaim "home-17" not found')]),
    at: 70,
    says: 'failed VolumeMount',
    more: { retryable: false },
  },
  {
    it: 'a claim that is not bound yet may be provisioned',
    seen: seen([unschedulable('0/5 nodes are available: pod has unbound immediate PersistentVolumeClaims.')]),
    at: 200,
    says: 'starting VolumeMount',
    more: { retryable: true },
  },
  {
    it: 'a pod on a node without any event prepares its volumes',
    seen: seen([pod([creating()])]),
    at: 5,
    says: 'starting -',
    more: { step: 'mounting' },
  },
  {
    it: 'a volume in use elsewhere is waited for',
    seen: seen([pod([creating()])], [event(['FailedAttachVolume', multiAttach], 4)]),
    at: 300,
    says: 'starting VolumeMount',
    more: { retryable: true, step: 'mounting' },
  },
  {
    it: 'a volume that stays in use is given up',
    seen: seen(
      [pod([creating()])],
      [event(['FailedAttachVolume', multiAttach], 4, { count: 7, lastTimestamp: at(400) })],
    ),
    at: 425,
    says: 'failed VolumeMount',
  },
  {
    it: 'a mount that failed and then worked is forgotten',
    seen: seen(
      [pod([creating()])],
      [
        event(['FailedMount', 'MountVolume.SetUp failed: timed out waiting for the condition'], 4),
        normal(['Pulling', 'Pulling image'], 9),
      ],
    ),
    at: 500,
    says: 'starting -',
    more: { step: 'pulling' },
  },
  {
    it: 'so it is when the sandbox is there',
    seen: seen(
      [pod([creating()], { conditions: [...scheduled(2), condition('PodReadyToStartContainers=True', 9)] })],
      [event(['FailedMount', 'timed out'], 4)],
    ),
    at: 500,
    says: 'starting -',
    more: { step: 'pulling' },
  },
  {
    it: 'so it is when a container runs',
    seen: seen([pod([container(running(9))])], [event(['FailedMount', 'timed out'], 4)]),
    at: 500,
    says: 'starting -',
    more: { step: 'starting' },
  },
  {
    it: 'a mounted ConfigMap that does not exist is a configuration error',
    seen: seen([pod([creating()])], [event(['FailedMount', noConfigMap], 4)]),
    at: 25,
    says: 'failed ConfigError',
    more: { retryable: false },
  },
  {
    it: 'events of another pod do not count',
    seen: seen(
      [pod([creating()])],
      [event(['FailedMount', noConfigMap], 4, { involvedObject: { kind: 'Pod', name: 'lab-1-abc', uid: 'older' } })],
    ),
    at: 25,
    says: 'starting -',
  },
  {
    it: 'a pod without network is trouble of the node',
    seen: seen(
      [pod([creating()])],
      [
        event(['FailedCreatePodSandBox', 'failed to setup network for sandbox: no IP addresses available'], 4, {
          count: 9,
        }),
      ],
    ),
    at: 100,
    says: 'starting PodSandbox',
  },
  {
    it: 'and is given up in the end',
    seen: seen(
      [pod([creating()])],
      [event(['FailedCreatePodSandBox', 'no IP addresses available'], 4, { count: 30, lastTimestamp: at(300) })],
    ),
    at: 305,
    says: 'failed PodSandbox',
    more: { retryable: true },
  },
  {
    it: 'a used-up quota may be freed by the pod of an earlier start',
    seen: failure(quota),
    at: 30,
    says: 'starting Quota',
    more: { retryable: true, step: 'creating' },
  },
  {
    it: 'a quota that stays used up is final',
    seen: failure(quota),
    at: 62,
    says: 'failed Quota',
    more: { retryable: true },
  },
  {
    it: 'a quota event of the ReplicaSet tells the same',
    seen: seen(
      [],
      [
        event(['FailedCreate', `Error creating: ${quota}`], 2, {
          involvedObject: { kind: 'ReplicaSet', name: 'lab-1' },
        }),
      ],
    ),
    at: 63,
    says: 'failed Quota',
  },
  {
    it: 'a pod against the rules is hopeless in seconds',
    seen: failure('pods "lab-1-" is forbidden: violates PodSecurity "restricted:latest": privileged'),
    at: 22,
    says: 'failed Forbidden',
    more: { retryable: false },
  },
  {
    it: 'a missing service account may come a moment later',
    seen: failure(
      'pods "lab-1-" is forbidden: error looking up service account hub/lab: serviceaccount "lab" not found',
    ),
    at: 10,
    says: 'starting Forbidden',
  },
  {
    it: 'an admission webhook that is down may come back',
    seen: failure('Internal error occurred: failed calling webhook "policy.example": connection refused'),
    at: 60,
    says: 'starting Forbidden',
    more: { retryable: true },
  },
];
