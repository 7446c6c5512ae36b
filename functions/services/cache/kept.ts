// What the cache keeps of an object: the few fields that answers are made from, by the tenth part of what the API sends.
import type { KubeObject } from '../../../lib/kube/objects';
import { LABELS } from '../../../lib/labels';
import { toAnchor, type Anchor } from '../../../lib/services/anchor';
import { anchoredPod, type AnchoredPod } from '../../../lib/services/observe';
import type { ContainerStatus, Pod } from '../../../lib/status/observed';
import type { Shelved } from './shelf';

export function keptAnchor(object: KubeObject): Shelved<Anchor> {
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = object.metadata ?? {};
  // Its data is parsed by now; what it owns is told by its uid.
  const slim = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, uid, resourceVersion } };
  return shelved(object, { ...toAnchor(object), object: slim });
}

export function keptPod(object: KubeObject): Shelved<AnchoredPod> {
  const { anchorUid, pod } = anchoredPod(object);
  return shelved(object, { anchorUid, pod: slimPod(pod) });
}

function shelved<T>({ metadata }: KubeObject, value: T): Shelved<T> {
  const { [LABELS.credential]: credential = '', [LABELS.name]: name = '' } = metadata?.labels ?? {};
  return { uid: metadata?.uid ?? '', groups: [credential, name], value };
}

function slimPod({ metadata = {}, spec = {}, status = {} }: Pod): Pod {
  const { name, uid, creationTimestamp, deletionTimestamp } = metadata;
  const { initContainers, containers, nodeName } = spec;
  const { phase, reason, message, startTime, conditions, initContainerStatuses, containerStatuses } = status;
  return {
    metadata: { name, uid, creationTimestamp, deletionTimestamp },
    spec: { nodeName, initContainers: initContainers?.map(slimContainer), containers: containers?.map(slimContainer) },
    status: {
      phase,
      reason,
      message,
      startTime,
      conditions,
      initContainerStatuses: initContainerStatuses?.map(slimStatus),
      containerStatuses: containerStatuses?.map(slimStatus),
    },
  };
}

type ContainerSpec = NonNullable<NonNullable<Pod['spec']>['containers']>[number];

function slimContainer({ name, image, restartPolicy }: ContainerSpec): ContainerSpec {
  return { name, image, restartPolicy };
}

function slimStatus({ name, image, ready, restartCount, state, lastState }: ContainerStatus): ContainerStatus {
  return { name, image, ready, restartCount, state, lastState };
}
