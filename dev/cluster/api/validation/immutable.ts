// Fields that may not change once an object exists.
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../../../lib/kube/objects';
import type { ResourceType } from '../../resources';
import { at, fields, items, type Fields } from '../json';
import { forbiddenField, immutable, invalidValue, type Fault } from './fault';

/** Compared as a whole; kinds with rules of their own are in `RULES`. */
const IMMUTABLE_PATHS: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['spec.selector'],
  ReplicaSet: ['spec.selector'],
  DaemonSet: ['spec.selector'],
  Job: ['spec.selector', 'spec.template', 'spec.completionMode', 'spec.completions', 'spec.podFailurePolicy'],
  Secret: ['type'],
  RoleBinding: ['roleRef'],
  ClusterRoleBinding: ['roleRef'],
};

const RULES: Readonly<Record<string, (current: KubeObject, object: KubeObject) => Fault[]>> = {
  Pod: podFaults,
  PersistentVolumeClaim: claimFaults,
  Service: serviceFaults,
  StatefulSet: statefulSetFaults,
};

export function immutableFaults(type: ResourceType, current: KubeObject, object: KubeObject): Fault[] {
  const paths = (IMMUTABLE_PATHS[type.kind] ?? []).filter((path) => !mayChange(path, current));
  const changed = paths.filter((path) => !isSame(valueAt(current, path), valueAt(object, path)));
  return [
    ...changed.map((path) => immutable(path, valueAt(object, path))),
    ...finalizerFaults(current, object),
    ...sealedFaults(current, object),
    ...(RULES[type.kind]?.(current, object) ?? []),
  ];
}

/** What is being deleted cannot be held back any further. */
function finalizerFaults({ metadata: was = {} }: KubeObject, { metadata: is = {} }: KubeObject): Fault[] {
  const added = (is.finalizers ?? []).filter((finalizer) => !was.finalizers?.includes(finalizer));
  if (was.deletionTimestamp === undefined || added.length === 0) return [];
  const found = `found new finalizers []string{${added.map((one) => JSON.stringify(one)).join(', ')}}`;
  const why = `no new finalizers can be added if the object is being deleted, ${found}`;
  return [forbiddenField('metadata.finalizers', why)];
}

/** A suspended Job that never ran may get other resources and places for its pods; an indexed one may be resized. */
function mayChange(path: string, current: KubeObject): boolean {
  if (path === 'spec.completions') return at(current, 'spec', 'completionMode') === 'Indexed';
  const isWaiting = at(current, 'spec', 'suspend') === true && at(current, 'status', 'startTime') === undefined;
  return path === 'spec.template' && current.kind === 'Job' && isWaiting;
}

function valueAt(object: KubeObject, path: string): unknown {
  return at(object, ...path.split('.'));
}

function isSame(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(json(a), json(b));
}

function json(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** `immutable: true` seals a ConfigMap or Secret. */
function sealedFaults(current: KubeObject, object: KubeObject): Fault[] {
  if (current.immutable !== true) return [];
  const sealed = ['immutable', 'data', 'binaryData'].filter((field) => !isSame(current[field], object[field]));
  return sealed.map((field) => forbiddenField(field, 'field is immutable when `immutable` is set'));
}

const POD_UPDATES =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

function podFaults(current: KubeObject, object: KubeObject): Fault[] {
  const isAllowed = isSame(comparable(fields(current.spec)), comparable(fields(object.spec)));
  return [...gateFaults(current, object), ...(isAllowed ? [] : [forbiddenField('spec', POD_UPDATES)])];
}

/** They may only go. https://kubernetes.io/docs/concepts/scheduling-eviction/pod-scheduling-readiness/ */
function gateFaults(current: KubeObject, object: KubeObject): Fault[] {
  const [was, is] = [gatesOf(current), gatesOf(object)];
  const added = is.filter((gate) => !was.includes(gate));
  if (added.length === 0) return [];
  const why = `only deletion is allowed, but found new scheduling gate '${added[0]}'`;
  return [forbiddenField('spec.schedulingGates', why)];
}

function gatesOf(pod: KubeObject): readonly string[] {
  return items(at(pod, 'spec', 'schedulingGates')).map((gate) => String(fields(gate)['name']));
}

/** A pod's spec without what may change. */
function comparable(spec: Fields): Fields {
  const withoutImages = (field: string): unknown[] => items(spec[field]).map((one) => ({ ...fields(one), image: '' }));
  const free = { activeDeadlineSeconds: 0, tolerations: [], terminationGracePeriodSeconds: 0, schedulingGates: [] };
  return { ...spec, ...free, containers: withoutImages('containers'), initContainers: withoutImages('initContainers') };
}

function claimFaults(current: KubeObject, object: KubeObject): Fault[] {
  const free = { resources: {}, volumeAttributesClassName: '', volumeName: '' };
  const isAllowed = isSame({ ...fields(current.spec), ...free }, { ...fields(object.spec), ...free });
  const says =
    'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
  return isAllowed ? [] : [forbiddenField('spec', says)];
}

function serviceFaults(current: KubeObject, object: KubeObject): Fault[] {
  const was = at(current.spec, 'clusterIP');
  const is = at(object.spec, 'clusterIP');
  if (was === undefined || was === is || at(object.spec, 'type') === 'ExternalName') return [];
  return [invalidValue('spec.clusterIPs[0]', [is], 'may not change once set')];
}

const STATEFUL_SET_FREE = new Set([
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]);

function statefulSetFaults(current: KubeObject, object: KubeObject): Fault[] {
  if (isSame(fixedOfStatefulSet(current.spec), fixedOfStatefulSet(object.spec))) return [];
  const list =
    "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds'";
  return [forbiddenField('spec', `updates to statefulset spec for fields other than ${list} are forbidden`)];
}

function fixedOfStatefulSet(spec: unknown): Fields {
  return Object.fromEntries(Object.entries(fields(spec)).filter(([field]) => !STATEFUL_SET_FREE.has(field)));
}
