// The table of kinds that the embedded cluster knows, and the lookups in it.

export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly subresources: readonly string[];
}

type Row = readonly [plural: string, kind: string, shortNames: string, subresources: string];

const NAMESPACED: Readonly<Record<string, readonly Row[]>> = {
  v1: [
    ['configmaps', 'ConfigMap', 'cm', ''],
    ['endpoints', 'Endpoints', 'ep', ''],
    ['events', 'Event', 'ev', ''],
    ['persistentvolumeclaims', 'PersistentVolumeClaim', 'pvc', 'status'],
    ['pods', 'Pod', 'po', 'status log eviction'],
    ['replicationcontrollers', 'ReplicationController', 'rc', 'status scale'],
    ['resourcequotas', 'ResourceQuota', 'quota', 'status'],
    ['secrets', 'Secret', '', ''],
    ['serviceaccounts', 'ServiceAccount', 'sa', ''],
    ['services', 'Service', 'svc', 'status'],
  ],
  'apps/v1': [
    ['daemonsets', 'DaemonSet', 'ds', 'status'],
    ['deployments', 'Deployment', 'deploy', 'status scale'],
    ['replicasets', 'ReplicaSet', 'rs', 'status scale'],
    ['statefulsets', 'StatefulSet', 'sts', 'status scale'],
  ],
  'batch/v1': [
    ['cronjobs', 'CronJob', 'cj', 'status'],
    ['jobs', 'Job', '', 'status'],
  ],
  'networking.k8s.io/v1': [
    ['ingresses', 'Ingress', 'ing', 'status'],
    ['networkpolicies', 'NetworkPolicy', 'netpol', ''],
  ],
  'rbac.authorization.k8s.io/v1': [
    ['rolebindings', 'RoleBinding', '', ''],
    ['roles', 'Role', '', ''],
  ],
  'events.k8s.io/v1': [['events', 'Event', 'ev', '']],
  'discovery.k8s.io/v1': [['endpointslices', 'EndpointSlice', '', '']],
  'coordination.k8s.io/v1': [['leases', 'Lease', '', '']],
  'policy/v1': [['poddisruptionbudgets', 'PodDisruptionBudget', 'pdb', 'status']],
};

const CLUSTER_SCOPED: Readonly<Record<string, readonly Row[]>> = {
  v1: [
    ['namespaces', 'Namespace', 'ns', 'status finalize'],
    ['nodes', 'Node', 'no', 'status'],
    ['persistentvolumes', 'PersistentVolume', 'pv', 'status'],
  ],
  'rbac.authorization.k8s.io/v1': [
    ['clusterrolebindings', 'ClusterRoleBinding', '', ''],
    ['clusterroles', 'ClusterRole', '', ''],
  ],
  'authorization.k8s.io/v1': [['selfsubjectaccessreviews', 'SelfSubjectAccessReview', '', '']],
};

export const RESOURCE_TYPES: readonly ResourceType[] = [...rowsOf(NAMESPACED, true), ...rowsOf(CLUSTER_SCOPED, false)];

const BY_PLURAL = new Map(RESOURCE_TYPES.map((type) => [`${apiVersionOf(type)}/${type.plural}`, type]));
const BY_KIND = new Map(RESOURCE_TYPES.map((type) => [`${apiVersionOf(type)}/${type.kind}`, type]));

/** `v1`, `apps/v1`: what objects of this type carry as their apiVersion. */
export function apiVersionOf(type: Pick<ResourceType, 'group' | 'version'>): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/** `deployments.apps`, `pods`: how messages name the resource. */
export function qualifiedName(type: ResourceType): string {
  return type.group === '' ? type.plural : `${type.plural}.${type.group}`;
}

/** The type of a path's segments: (`apps/v1`, `deployments`). */
export function typeOfPlural(apiVersion: string, plural: string): ResourceType | undefined {
  return BY_PLURAL.get(`${apiVersion}/${plural}`);
}

/** The type of an object or of an owner reference: (`apps/v1`, `Deployment`). */
export function typeOfKind(apiVersion: string, kind: string): ResourceType | undefined {
  return BY_KIND.get(`${apiVersion}/${kind}`);
}

/** For code that names a type literally; an unknown one is a mistake in that code. */
export function resourceType(apiVersion: string, kind: string): ResourceType {
  const type = typeOfKind(apiVersion, kind);
  if (type === undefined) throw new Error(`no resource type for ${apiVersion} ${kind}`);
  return type;
}

function rowsOf(tables: Readonly<Record<string, readonly Row[]>>, namespaced: boolean): ResourceType[] {
  return Object.entries(tables).flatMap(([apiVersion, rows]) => rows.map((row) => toType(apiVersion, row, namespaced)));
}

function toType(apiVersion: string, [plural, kind, shortNames, subresources]: Row, namespaced: boolean): ResourceType {
  const [group, version] = apiVersion.includes('/') ? (apiVersion.split('/') as [string, string]) : ['', apiVersion];
  return {
    group,
    version,
    plural,
    singular: kind.toLowerCase(),
    kind,
    namespaced,
    shortNames: words(shortNames),
    subresources: words(subresources),
  };
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}
