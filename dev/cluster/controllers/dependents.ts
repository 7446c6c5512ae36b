// An index of who owns whom by uid, kept from the changes of the store, so that collecting garbage never scans.
import type { KubeObject } from '../../../lib/kube/objects';
import type { ResourceType } from '../resources';
import type { StoreEvent } from '../store';

export interface Located {
  readonly resource: ResourceType;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface Dependents {
  /** Takes a change in; answers the uids of objects whose ownership it concerns. */
  readonly apply: (event: StoreEvent) => readonly string[];
  readonly locate: (uid: string) => Located | undefined;
  readonly of: (uid: string) => readonly string[];
}

export function indexDependents(): Dependents {
  const located = new Map<string, Located>();
  const dependents = new Map<string, Set<string>>();
  const of = (uid: string): readonly string[] => [...(dependents.get(uid) ?? [])];

  const link = (owner: string, uid: string): void => {
    const known = dependents.get(owner) ?? new Set<string>();
    dependents.set(owner, known.add(uid));
  };
  const unlink = (owner: string, uid: string): void => {
    dependents.get(owner)?.delete(uid);
    if (dependents.get(owner)?.size === 0) dependents.delete(owner);
  };

  const place = ({ type, resource, object }: StoreEvent, uid: string): void => {
    const { namespace = '', name = '' } = object.metadata ?? {};
    if (type === 'DELETED') located.delete(uid);
    else located.set(uid, { resource, namespace, name, uid });
  };

  return {
    of,
    locate: (uid) => located.get(uid),
    apply: (event) => {
      const { type, object, previous } = event;
      const uid = object.metadata?.uid ?? '';
      const [before, after] = [ownersOf(previous), type === 'DELETED' ? [] : ownersOf(object)];
      for (const owner of before) unlink(owner, uid);
      for (const owner of after) link(owner, uid);
      place(event, uid);
      // A foreground deletion of an owner goes on when a dependent is gone or lets go.
      const concerned = before.length + after.length === 0 ? [] : [uid, ...before];
      return isEnding(event) ? [uid, ...concerned, ...of(uid)] : concerned;
    },
  };
}

function isEnding({ type, object }: StoreEvent): boolean {
  return type === 'DELETED' || object.metadata?.deletionTimestamp !== undefined;
}

function ownersOf(object: KubeObject | undefined): readonly string[] {
  return (object?.metadata?.ownerReferences ?? []).map(({ uid }) => uid);
}
