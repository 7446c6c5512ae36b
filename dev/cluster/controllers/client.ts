// The store as controllers and kubelet use it: typed by kind, absent objects as values, writes never on a stale copy.
import { AppError } from '../../../lib/errors';
import type { KubeObject } from '../../../lib/kube/objects';
import { resourceType, type ResourceType } from '../resources';
import type { Store } from '../store';
import type * as wire from './wire';

export type RemoveOptions = NonNullable<Parameters<Store['remove']>[3]>;

/** A resource type that knows the shape of its objects. */
export interface Kind<T extends wire.Stored> {
  readonly type: ResourceType;
  /** Never set: carries the type. */
  readonly shape?: T;
}

/** Defaults and quota of a new object, as the API server applies them; throws when it is refused. */
export type Admit = (type: ResourceType, object: KubeObject) => KubeObject;

export interface Client {
  get<T extends wire.Stored>(kind: Kind<T>, namespace: string, name: string): T | undefined;
  list<T extends wire.Stored>(kind: Kind<T>, namespace?: string): readonly T[];
  /** What this very object (by uid) controls. */
  controlledBy<T extends wire.Stored>(kind: Kind<T>, owner: wire.Stored): readonly T[];
  create<T extends wire.Stored>(kind: Kind<T>, object: KubeObject): T;
  /** Changes the newest state of this very object (by uid); nothing happens when it is gone. */
  modify<T extends wire.Stored>(kind: Kind<T>, object: T, change: (latest: T) => T): void;
  /** Ends this very object (by uid); nothing happens when it is gone. */
  remove(type: ResourceType, object: wire.Stored, options?: RemoveOptions): void;
}

export const CONFIG_MAPS: Kind<wire.ConfigMap> = { type: resourceType('v1', 'ConfigMap') };
export const DEPLOYMENTS: Kind<wire.Deployment> = { type: resourceType('apps/v1', 'Deployment') };
export const ENDPOINTS: Kind<wire.Endpoints> = { type: resourceType('v1', 'Endpoints') };
export const ENDPOINT_SLICES: Kind<wire.EndpointSlice> = { type: resourceType('discovery.k8s.io/v1', 'EndpointSlice') };
export const EVENTS: Kind<wire.Event> = { type: resourceType('v1', 'Event') };
export const JOBS: Kind<wire.Job> = { type: resourceType('batch/v1', 'Job') };
export const NAMESPACES: Kind<wire.Namespace> = { type: resourceType('v1', 'Namespace') };
export const NODES: Kind<wire.Node> = { type: resourceType('v1', 'Node') };
export const PERSISTENT_VOLUMES: Kind<wire.PersistentVolume> = { type: resourceType('v1', 'PersistentVolume') };
export const PERSISTENT_VOLUME_CLAIMS: Kind<wire.PersistentVolumeClaim> = {
  type: resourceType('v1', 'PersistentVolumeClaim'),
};
export const PODS: Kind<wire.Pod> = { type: resourceType('v1', 'Pod') };
export const REPLICA_SETS: Kind<wire.ReplicaSet> = { type: resourceType('apps/v1', 'ReplicaSet') };
export const SECRETS: Kind<wire.Secret> = { type: resourceType('v1', 'Secret') };
export const SERVICE_ACCOUNTS: Kind<wire.ServiceAccount> = { type: resourceType('v1', 'ServiceAccount') };
export const SERVICES: Kind<wire.Service> = { type: resourceType('v1', 'Service') };
export const STATEFUL_SETS: Kind<wire.StatefulSet> = { type: resourceType('apps/v1', 'StatefulSet') };

export function createClient(store: Store, admit: Admit = (_type, object) => object): Client {
  const current = (type: ResourceType, { metadata }: wire.Stored): KubeObject | undefined => {
    const found = store.get(type, metadata.namespace, metadata.name);
    return found?.metadata?.uid === metadata.uid ? found : undefined;
  };
  return {
    get: (kind, namespace, name) => {
      const found = store.get(kind.type, namespace, name);
      return found === undefined ? undefined : shaped(kind, found);
    },
    list: (kind, namespace) => store.list(kind.type, namespace).map((object) => shaped(kind, object)),
    controlledBy: (kind, { metadata: { namespace, uid } }) =>
      store.controlledBy(kind.type, namespace, uid).map((object) => shaped(kind, object)),
    create: (kind, object) => shaped(kind, store.create(kind.type, admit(kind.type, object))),
    modify: (kind, object, change) => {
      const latest = current(kind.type, object);
      if (latest !== undefined) store.update(kind.type, change(shaped(kind, latest)));
    },
    remove: (type, object, options = {}) => {
      const { namespace, name, uid } = object.metadata;
      if (current(type, object) !== undefined) store.remove(type, namespace, name, { ...options, uid });
    },
  };
}

/** The door from untyped objects: the API server has validated what lies in the store. */
export function shaped<T extends wire.Stored>(_kind: Kind<T>, object: KubeObject): T {
  return object as T;
}

/** True when somebody else made it first. */
export function isAlreadyExists(error: unknown): boolean {
  return error instanceof AppError && error.code === 'already_exists';
}
