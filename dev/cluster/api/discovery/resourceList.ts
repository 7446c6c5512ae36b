// The resources of one API version, as clients discover them.
import { apiVersionOf, RESOURCE_TYPES, type ResourceType } from '../../resources';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** What `kubectl get all` shows. */
const IN_ALL = new Set([
  'Pod',
  'Service',
  'ReplicationController',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
]);

const SUBRESOURCE_VERBS: Readonly<Record<string, readonly string[]>> = {
  status: ['get', 'patch', 'update'],
  scale: ['get', 'patch', 'update'],
  finalize: ['update'],
  log: ['get'],
  eviction: ['create'],
};

/** Subresources whose objects are of a kind of their own. */
const SUBRESOURCE_KINDS: Readonly<Record<string, object>> = {
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction' },
};

export function resourceList(apiVersion: string): object {
  const types = RESOURCE_TYPES.filter((type) => apiVersionOf(type) === apiVersion);
  const resources = types.flatMap((type) => [
    describe(type),
    ...type.subresources.map((one) => describeSub(type, one)),
  ]);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersion, resources };
}

function describe(type: ResourceType): object {
  const { plural, singular, namespaced, kind, shortNames } = type;
  const isReview = kind === 'SelfSubjectAccessReview';
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: isReview ? ['create'] : VERBS,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(IN_ALL.has(kind) ? { categories: ['all'] } : {}),
  };
}

function describeSub({ plural, namespaced, kind }: ResourceType, subresource: string): object {
  const own = SUBRESOURCE_KINDS[subresource] ?? { kind };
  const verbs = SUBRESOURCE_VERBS[subresource] ?? [];
  return { name: `${plural}/${subresource}`, singularName: '', namespaced, ...own, verbs };
}
