// Who controls whom: owner references with controller=true.
import type { OwnerReference } from '../../../lib/kube/objects';
import type { StoreEvent } from '../store';
import type { Stored } from './wire';

export function controllerReference({ apiVersion, kind, metadata }: Stored): OwnerReference {
  const { name, uid } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

export function keyOf({
  metadata,
}: {
  readonly metadata?: { readonly namespace?: string; readonly name?: string };
}): string {
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}

export function parseKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The keys of objects of `kind` that a change concerns: itself, or the controller of what changed. */
export function keysOfKind(kind: string, { object }: StoreEvent): readonly string[] {
  if (object.kind === kind) return [keyOf(object)];
  const owner = object.metadata?.ownerReferences?.find((ref) => ref.controller === true && ref.kind === kind);
  return owner === undefined ? [] : [`${object.metadata?.namespace ?? ''}/${owner.name}`];
}
