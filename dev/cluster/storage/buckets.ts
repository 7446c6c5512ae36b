// Where objects lie: by type and namespace, so that a list reads only what it answers.
import type { KubeObject } from '../../../lib/kube/objects';
import type { ResourceType } from '../resources';

interface Bucket {
  readonly objects: Map<string, KubeObject>;
  /** uid of a controller → names of what it controls. */
  readonly controlled: Map<string, Set<string>>;
  /** The objects in order of name, until the next change. */
  sorted?: readonly KubeObject[] | undefined;
}

export interface Buckets {
  readonly get: (type: ResourceType, namespace: string, name: string) => KubeObject | undefined;
  readonly list: (type: ResourceType, namespace?: string) => readonly KubeObject[];
  /** What names this uid as its controller, ordered by name. */
  readonly controlledBy: (type: ResourceType, namespace: string, uid: string) => readonly KubeObject[];
  readonly set: (type: ResourceType, object: KubeObject) => void;
  readonly delete: (type: ResourceType, object: KubeObject) => void;
}

export function createBuckets(): Buckets {
  const types = new Map<string, Map<string, Bucket>>();
  const namespacesOf = (type: ResourceType): Map<string, Bucket> => {
    const key = `${type.group}/${type.plural}`;
    const found = types.get(key) ?? new Map<string, Bucket>();
    types.set(key, found);
    return found;
  };
  const bucketOf = (type: ResourceType, namespace: string): Bucket => {
    const namespaces = namespacesOf(type);
    const found = namespaces.get(namespace) ?? { objects: new Map(), controlled: new Map() };
    namespaces.set(namespace, found);
    return found;
  };

  return {
    get: (type, namespace, name) => namespacesOf(type).get(scope(type, namespace))?.objects.get(name),
    list: (type, namespace) => {
      const namespaces = namespacesOf(type);
      if (namespace !== undefined && type.namespaced) return sortedObjects(namespaces.get(namespace));
      return [...namespaces.keys()].toSorted().flatMap((key) => sortedObjects(namespaces.get(key)));
    },
    controlledBy: (type, namespace, uid) => {
      const { objects, controlled } = bucketOf(type, scope(type, namespace));
      const names = [...(controlled.get(uid) ?? [])].toSorted();
      return names.map((name) => objects.get(name)).filter((object) => object !== undefined);
    },
    set: (type, object) => replace(bucketOf(type, scope(type, object.metadata?.namespace)), object, object),
    delete: (type, object) => replace(bucketOf(type, scope(type, object.metadata?.namespace)), object, undefined),
  };
}

function replace(bucket: Bucket, { metadata: { name = '' } = {} }: KubeObject, next: KubeObject | undefined): void {
  const [was, is] = [controllerOf(bucket.objects.get(name)), controllerOf(next)];
  if (was !== is) bucket.controlled.get(was)?.delete(name);
  if (bucket.controlled.get(was)?.size === 0) bucket.controlled.delete(was);
  if (is !== '') bucket.controlled.set(is, (bucket.controlled.get(is) ?? new Set()).add(name));
  if (next === undefined) bucket.objects.delete(name);
  else bucket.objects.set(name, next);
  bucket.sorted = undefined;
}

function controllerOf(object: KubeObject | undefined): string {
  return object?.metadata?.ownerReferences?.find(({ controller }) => controller === true)?.uid ?? '';
}

function scope(type: ResourceType, namespace = ''): string {
  return type.namespaced ? namespace : '';
}

function sortedObjects(bucket: Bucket | undefined): readonly KubeObject[] {
  if (bucket === undefined) return [];
  const sorted = bucket.sorted ?? [...bucket.objects].toSorted(byName).map(([, object]) => object);
  bucket.sorted = sorted;
  return sorted;
}

function byName([a]: [string, KubeObject], [b]: [string, KubeObject]): number {
  return a < b ? -1 : 1;
}
