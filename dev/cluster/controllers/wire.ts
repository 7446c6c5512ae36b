// The shapes of stored objects, derived from client-node's types: times are strings as in JSON, nothing is written to.
import type {
  CoreV1Event,
  V1Deployment,
  V1Endpoints,
  V1EndpointSlice,
  V1Job,
  V1Namespace,
  V1Node,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ReplicaSet,
  V1Service,
  V1StatefulSet,
} from '@kubernetes/client-node';
import type { KubeObject, ObjectMeta } from '../../../lib/kube/objects';

/** As JSON carries it; an optional field may also be given as `undefined`, which the store leaves out. */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Wire<Item>[]
    : T extends object
      ? { readonly [K in keyof T]: object extends Pick<T, K> ? Wire<T[K]> | undefined : Wire<T[K]> }
      : T;

/** What every object has once it is stored. */
export interface StoredMeta extends ObjectMeta {
  readonly name: string;
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly creationTimestamp: string;
}

export interface Stored extends KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: StoredMeta;
}

interface SpecAndStatus {
  readonly spec?: unknown;
  readonly status?: unknown;
}

type StoredOf<T extends SpecAndStatus> = Stored & {
  readonly spec: Wire<NonNullable<T['spec']>>;
  readonly status?: Wire<NonNullable<T['status']>> | undefined;
};

type StoredWith<T> = Stored & Omit<Wire<T>, 'apiVersion' | 'kind' | 'metadata'>;

export type Deployment = StoredOf<V1Deployment>;
export type Job = StoredOf<V1Job>;
export type Namespace = StoredOf<V1Namespace>;
export type Node = StoredOf<V1Node>;
export type PersistentVolume = StoredOf<V1PersistentVolume>;
export type PersistentVolumeClaim = StoredOf<V1PersistentVolumeClaim>;
export type Pod = StoredOf<V1Pod>;
export type ReplicaSet = StoredOf<V1ReplicaSet>;
export type Service = StoredOf<V1Service>;
export type StatefulSet = StoredOf<V1StatefulSet>;
export type ConfigMap = Stored & { readonly data?: Values; readonly binaryData?: Values };
export type Secret = Stored & { readonly data?: Values };
export type ServiceAccount = Stored;
export type Event = StoredWith<CoreV1Event>;
export type Endpoints = StoredWith<V1Endpoints>;
export type EndpointSlice = StoredWith<V1EndpointSlice>;

export type Values = Readonly<Record<string, string>>;
