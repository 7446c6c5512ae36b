// Which REST path a kind lives at: the built-in kinds this project may create, read or delete.
import { AppError } from '../errors';
import type { KubeObject } from './objects';

interface ResourceType {
  readonly plural: string;
  readonly namespaced: boolean;
}

const namespaced = (plural: string): ResourceType => ({ plural, namespaced: true });
const clusterScoped = (plural: string): ResourceType => ({ plural, namespaced: false });

const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  'v1/ConfigMap': namespaced('configmaps'),
  'v1/Endpoints': namespaced('endpoints'),
  'v1/Event': namespaced('events'),
  'v1/Namespace': clusterScoped('namespaces'),
  'v1/Node': clusterScoped('nodes'),
  'v1/PersistentVolume': clusterScoped('persistentvolumes'),
  'v1/PersistentVolumeClaim': namespaced('persistentvolumeclaims'),
  'v1/Pod': namespaced('pods'),
  'v1/ResourceQuota': namespaced('resourcequotas'),
  'v1/Secret': namespaced('secrets'),
  'v1/Service': namespaced('services'),
  'v1/ServiceAccount': namespaced('serviceaccounts'),
  'apps/v1/DaemonSet': namespaced('daemonsets'),
  'apps/v1/Deployment': namespaced('deployments'),
  'apps/v1/ReplicaSet': namespaced('replicasets'),
  'apps/v1/StatefulSet': namespaced('statefulsets'),
  'batch/v1/CronJob': namespaced('cronjobs'),
  'batch/v1/Job': namespaced('jobs'),
  'networking.k8s.io/v1/Ingress': namespaced('ingresses'),
  'networking.k8s.io/v1/NetworkPolicy': namespaced('networkpolicies'),
  'policy/v1/PodDisruptionBudget': namespaced('poddisruptionbudgets'),
  'rbac.authorization.k8s.io/v1/Role': namespaced('roles'),
  'rbac.authorization.k8s.io/v1/RoleBinding': namespaced('rolebindings'),
  'rbac.authorization.k8s.io/v1/ClusterRole': clusterScoped('clusterroles'),
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': clusterScoped('clusterrolebindings'),
};

/** A kind, and where objects of it are looked for. */
export interface Collection {
  readonly apiVersion: string;
  readonly kind: string;
  /** Required for namespaced kinds. */
  readonly namespace?: string | undefined;
}

export interface ObjectRef extends Collection {
  readonly name: string;
}

export function isKnownKind(apiVersion: string, kind: string): boolean {
  return resourceType(apiVersion, kind) !== undefined;
}

export function isNamespaced(apiVersion: string, kind: string): boolean {
  return resourceType(apiVersion, kind)?.namespaced ?? false;
}

/** `/apis/apps/v1/namespaces/hub/deployments`; refuses kinds outside the table. */
export function collectionPath({ apiVersion, kind, namespace }: Collection): string {
  const type = resourceType(apiVersion, kind);
  if (type === undefined) throw new AppError('unknown_kind', 500, `kind ${kind} of ${apiVersion} is not known here`);
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  if (!type.namespaced) return `${root}/${type.plural}`;
  if (namespace === undefined) throw new AppError('namespace_missing', 500, `kind ${kind} needs a namespace`);
  return `${root}/namespaces/${encodeURIComponent(namespace)}/${type.plural}`;
}

export function objectPath(ref: ObjectRef): string {
  return `${collectionPath(ref)}/${encodeURIComponent(ref.name)}`;
}

/** Where an object is, from what it says of itself. */
export function refOf({ apiVersion = '', kind = '', metadata }: KubeObject): ObjectRef {
  return { apiVersion, kind, namespace: metadata?.namespace, name: metadata?.name ?? '' };
}

function resourceType(apiVersion: string, kind: string): ResourceType | undefined {
  const key = `${apiVersion}/${kind}`;
  return Object.hasOwn(RESOURCE_TYPES, key) ? RESOURCE_TYPES[key] : undefined;
}
