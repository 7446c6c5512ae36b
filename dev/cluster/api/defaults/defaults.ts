// The values that Kubernetes fills in where a manifest leaves them out.
import type { KubeObject } from '../../../../lib/kube/objects';
import type { ResourceType } from '../../resources';
import type { Store } from '../../store';
import { at, fields, isFields, text, type Fields } from '../json';
import { batchDefaults } from './batch';
import { defaultPodSpec, podDefaults } from './pod';
import { serviceDefaults } from './service';

/** Answers the object with its defaults; never changes what it is given. */
export type Defaults = (object: KubeObject, store: Store) => KubeObject;

const DEFAULTS: Readonly<Record<string, Defaults>> = {
  ...batchDefaults,
  Pod: podDefaults,
  Service: serviceDefaults,
  Secret: secretDefaults,
  Namespace: namespaceDefaults,
  PersistentVolumeClaim: claimDefaults,
  PersistentVolume: (volume) => withSpec(withStatus(volume, { phase: 'Pending' }), VOLUME_SPEC),
  Deployment: (object) => withTemplate(withSpec(object, DEPLOYMENT_SPEC)),
  StatefulSet: (object) => withTemplate(withSpec(object, STATEFUL_SET_SPEC)),
  DaemonSet: (object) => withTemplate(withSpec(object, DAEMON_SET_SPEC)),
  ReplicaSet: (object) => withTemplate(withSpec(object, { replicas: 1 })),
  ReplicationController: (object) => withTemplate(withSpec(object, { replicas: 1 })),
};

const VOLUME_SPEC = { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' };

const DEPLOYMENT_SPEC = {
  replicas: 1,
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
  revisionHistoryLimit: 10,
  progressDeadlineSeconds: 600,
};

const STATEFUL_SET_SPEC = {
  replicas: 1,
  podManagementPolicy: 'OrderedReady',
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
  revisionHistoryLimit: 10,
  persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
};

const DAEMON_SET_SPEC = {
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
  revisionHistoryLimit: 10,
};

export function setDefaults(type: ResourceType, object: KubeObject, store: Store): KubeObject {
  const defaults = DEFAULTS[type.kind];
  return defaults === undefined ? object : defaults(object, store);
}

/** Fields that the spec lacks; a given strategy keeps only what belongs to its type. */
export function withSpec(object: KubeObject, defaults: Fields): KubeObject {
  if (!isFields(object.spec)) return object;
  const spec = { ...defaults, ...object.spec };
  const strategies = ['strategy', 'updateStrategy'].filter((field) => isFields(defaults[field]));
  const given = strategies.map((field) => [field, strategyOf(fields(spec[field]), fields(defaults[field]))]);
  return { ...object, spec: { ...spec, ...(Object.fromEntries(given) as Fields) } };
}

function strategyOf(given: Fields, defaults: Fields): Fields {
  const type = text(given.type) || 'RollingUpdate';
  if (type !== 'RollingUpdate') return { ...given, type };
  return { ...given, type, rollingUpdate: { ...fields(defaults.rollingUpdate), ...fields(given.rollingUpdate) } };
}

export function withStatus(object: KubeObject, status: Fields): KubeObject {
  return isFields(object.status) && Object.keys(object.status).length > 0 ? object : { ...object, status };
}

export function withTemplate(object: KubeObject): KubeObject {
  const spec = fields(object.spec);
  if (!isFields(at(spec, 'template', 'spec'))) return object;
  const template = { ...fields(spec.template), spec: defaultPodSpec(fields(at(spec, 'template', 'spec'))) };
  return { ...object, spec: { ...spec, template } };
}

/** `stringData` is for writing only: it ends up in `data`. */
function secretDefaults(secret: KubeObject): KubeObject {
  const { stringData, ...rest } = secret;
  const encoded = Object.entries(fields(stringData)).map(([key, value]) => [key, toBase64(text(value))]);
  const data = { ...fields(rest.data), ...(Object.fromEntries(encoded) as Fields) };
  return { ...rest, ...(Object.keys(data).length === 0 ? {} : { data }), type: text(rest.type) || 'Opaque' };
}

function toBase64(value: string): string {
  return Buffer.from(value).toString('base64');
}

function namespaceDefaults(namespace: KubeObject): KubeObject {
  const metadata = namespace.metadata ?? {};
  const labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name ?? '' };
  const spec = { finalizers: ['kubernetes'], ...fields(namespace.spec) };
  return withStatus({ ...namespace, metadata: { ...metadata, labels }, spec }, { phase: 'Active' });
}

function claimDefaults(claim: KubeObject): KubeObject {
  const spec = { volumeMode: 'Filesystem', storageClassName: 'standard' };
  return withStatus(withSpec(claim, spec), { phase: 'Pending' });
}
