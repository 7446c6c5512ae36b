// Every object of the embedded cluster, in memory, with Kubernetes' own rules of writing; tells listeners of each change.
import type { KubeObject } from '../../lib/kube/objects';
import type { ResourceType } from './resources';
import { createBuckets } from './storage/buckets';
import { decideRemove, type RemoveOptions } from './storage/decideRemove';
import { decideCreate, decideUpdate } from './storage/decideWrite';
import type { Decision } from './storage/metadata';
import { frozenCopy } from './storage/frozen';
import { alreadyExists, notFound } from './api/status';

export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: ResourceType;
  /** The object after the change; of a removed one its last state, with the resourceVersion of the removal. */
  readonly object: KubeObject;
  /** The object before the change. */
  readonly previous?: KubeObject;
}

export interface StoreWriter {
  /** Fills uid, resourceVersion, creationTimestamp, generation and a generated name; throws AlreadyExists. */
  readonly create: (type: ResourceType, object: KubeObject) => KubeObject;
  /**
   * Compares resourceVersion and uid where the object gives them (409 Conflict); writes nothing when nothing changed;
   * removes an object under deletion whose finalizers are gone and whose grace is over.
   * `spec` keeps the stored status, `status` keeps all but the status.
   */
  readonly update: (type: ResourceType, object: KubeObject, part?: 'spec' | 'status') => KubeObject;
  /**
   * Removes at once, or marks with a deletionTimestamp what has finalizers or runs on a node;
   * a Pod stays until the kubelet removes it with grace 0, a Namespace until its spec.finalizers are empty.
   */
  // oxlint-disable-next-line max-params -- type, namespace and name are one address
  readonly remove: (type: ResourceType, namespace: string, name: string, options?: RemoveOptions) => KubeObject;
}

export interface Store extends StoreWriter {
  readonly get: (type: ResourceType, namespace: string, name: string) => KubeObject | undefined;
  /** Ordered by namespace and name. */
  readonly list: (type: ResourceType, namespace?: string) => readonly KubeObject[];
  /** What names this uid as its controller, ordered by name. */
  readonly controlledBy: (type: ResourceType, namespace: string, uid: string) => readonly KubeObject[];
  /** Every change, in order, synchronously after it; a change made by a listener is told after the present one. */
  readonly watch: (listener: (event: StoreEvent) => void) => () => void;
  /** One increasing counter for all. */
  readonly resourceVersion: number;
  /** The same writes, decided but not made. */
  readonly dryRun: StoreWriter;
}

export function createStore(clock: () => Date): Store {
  const buckets = createBuckets();
  const emit = createEmitter();
  let resourceVersion = 1;

  const commit = (resource: ResourceType, decision: Decision): KubeObject => {
    if (decision.change === undefined) return decision.object;
    resourceVersion += 1;
    const object = frozenCopy(withVersion(decision.object, resourceVersion));
    if (decision.change === 'DELETED') buckets.delete(resource, object);
    else buckets.set(resource, object);
    const { change: type, previous } = decision;
    emit.event({ type, resource, object, ...(previous === undefined ? {} : { previous }) });
    return object;
  };

  return {
    get: buckets.get,
    list: buckets.list,
    controlledBy: buckets.controlledBy,
    watch: emit.subscribe,
    get resourceVersion() {
      return resourceVersion;
    },
    ...createWriter(buckets.get, clock, commit),
    dryRun: createWriter(buckets.get, clock, lookOnly),
  };
}

const lookOnly: Commit = (_type, decision) => frozenCopy(decision.object);

type Commit = (type: ResourceType, decision: Decision) => KubeObject;

function createWriter(get: Store['get'], clock: () => Date, commit: Commit): StoreWriter {
  const current = (type: ResourceType, namespace: string, name: string): KubeObject => {
    const object = get(type, namespace, name);
    if (object === undefined) throw notFound(type, name);
    return object;
  };
  return {
    create: (type, object) => {
      const decision = decideCreate(type, object, clock());
      const { namespace = '', name = '' } = decision.object.metadata ?? {};
      if (get(type, namespace, name) !== undefined) throw alreadyExists(type, name);
      return commit(type, decision);
    },
    update: (type, object, part) => {
      const { namespace = '', name = '' } = object.metadata ?? {};
      return commit(type, decideUpdate({ type, current: current(type, namespace, name), object, part }));
    },
    // oxlint-disable-next-line max-params -- type, namespace and name are one address
    remove: (type, namespace, name, options = {}) =>
      commit(type, decideRemove({ type, current: current(type, namespace, name), options, now: clock() })),
  };
}

function createEmitter(): { readonly event: (event: StoreEvent) => void; readonly subscribe: Store['watch'] } {
  const listeners = new Set<(event: StoreEvent) => void>();
  const queue: StoreEvent[] = [];
  let draining = false;

  const drain = (): void => {
    draining = true;
    try {
      for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
        for (const listener of listeners) listener(event);
      }
    } finally {
      draining = false;
    }
  };
  return {
    event: (event) => {
      queue.push(event);
      if (!draining) drain();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function withVersion(object: KubeObject, version: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
}
