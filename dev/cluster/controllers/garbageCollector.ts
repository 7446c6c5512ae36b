// Removes what nobody owns any more, and carries out foreground and orphan deletions.
import type { KubeObject, OwnerReference } from '../../../lib/kube/objects';
import type { Store } from '../store';
import { createClient, type Client, type Kind } from './client';
import { indexDependents, type Dependents, type Located } from './dependents';
import { deletionDuty, judgeDependent, type OwnerState } from './garbageCollectorPlan';
import type { Controller } from './reconcile';
import type { Stored } from './wire';

interface Found {
  readonly kind: Kind<Stored>;
  readonly object: Stored;
}

interface Collector {
  readonly client: Client;
  readonly index: Dependents;
}

/** Keys are uids. */
export function garbageCollector(store: Store): Controller {
  const collector: Collector = { client: createClient(store), index: indexDependents() };
  return {
    name: 'garbagecollector',
    keysOf: collector.index.apply,
    reconcile: (uid) => {
      const found = find(collector, uid);
      if (found === undefined) return;
      const duty = deletionDuty(found.object);
      if (duty === 'orphan') orphanDependents(collector, found);
      else if (duty === 'foregroundDeletion') awaitDependents(collector, found);
      judge(collector, found);
    },
  };
}

function find({ client, index }: Collector, uid: string): Found | undefined {
  const place: Located | undefined = index.locate(uid);
  if (place === undefined) return undefined;
  const kind = { type: place.resource };
  const object = client.get<Stored>(kind, place.namespace, place.name);
  return object?.metadata.uid === uid ? { kind, object } : undefined;
}

function judge(collector: Collector, { kind, object }: Found): void {
  const { client, index } = collector;
  const hasDependents = index.of(object.metadata.uid).length > 0;
  const verdict = judgeDependent(object, (owner) => ownerState(collector, object, owner), hasDependents);
  if (verdict.action === 'remove') {
    client.remove(kind.type, object, { propagationPolicy: verdict.propagationPolicy });
  } else if (verdict.action === 'dropOwners') {
    client.modify(kind, object, (latest) => withOwners(latest, verdict.keep));
  }
}

/** An owner is found by its uid; one in another namespace does not count. */
function ownerState(collector: Collector, object: Stored, { uid }: OwnerReference): OwnerState {
  const owner = find(collector, uid);
  if (owner === undefined) return 'absent';
  const { namespace } = owner.object.metadata;
  if (owner.kind.type.namespaced && namespace !== object.metadata.namespace) return 'absent';
  return deletionDuty(owner.object) === 'foregroundDeletion' ? 'waiting' : 'present';
}

function orphanDependents(collector: Collector, { kind, object }: Found): void {
  const { uid } = object.metadata;
  for (const { kind: type, object: dependent } of dependentsOf(collector, uid)) {
    const keep = (dependent.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
    collector.client.modify(type, dependent, (latest) => withOwners(latest, keep));
  }
  collector.client.modify(kind, object, (latest) => withoutFinalizer(latest, 'orphan'));
}

/** The owner goes when every dependent that blocks its deletion is gone. */
function awaitDependents(collector: Collector, { kind, object }: Found): void {
  const { uid } = object.metadata;
  const blocking = dependentsOf(collector, uid).filter(({ object: { metadata } }) =>
    (metadata.ownerReferences ?? []).some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
  );
  if (blocking.length > 0) return;
  collector.client.modify(kind, object, (latest) => withoutFinalizer(latest, 'foregroundDeletion'));
}

function dependentsOf(collector: Collector, uid: string): readonly Found[] {
  return collector.index.of(uid).flatMap((dependent) => find(collector, dependent) ?? []);
}

function withOwners<T extends KubeObject>(object: T, ownerReferences: readonly OwnerReference[]): T {
  return { ...object, metadata: { ...object.metadata, ownerReferences } };
}

function withoutFinalizer<T extends KubeObject>(object: T, finalizer: string): T {
  const finalizers = (object.metadata?.finalizers ?? []).filter((each) => each !== finalizer);
  return { ...object, metadata: { ...object.metadata, finalizers } };
}
