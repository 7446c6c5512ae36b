// Ends a namespace: removes all that lies in it, then lets it go.
import { RESOURCE_TYPES, type ResourceType } from '../resources';
import { NAMESPACES, type Client, type Kind } from './client';
import { keysOfKind, parseKey } from './ownership';
import type { Controller } from './reconcile';
import type { Stored } from './wire';

/** `events.k8s.io` shows the Events of the core group once more. */
const CONTENT: readonly Kind<Stored>[] = RESOURCE_TYPES.filter(holdsContent).map((type) => ({ type }));

export function namespaces(client: Client): Controller {
  return {
    name: 'namespace',
    keysOf: (event) => {
      if (event.type === 'DELETED' && event.resource.namespaced) return [`/${event.object.metadata?.namespace ?? ''}`];
      return keysOfKind('Namespace', event);
    },
    reconcile: (key) => {
      const namespace = client.get(NAMESPACES, '', parseKey(key).name);
      if (namespace?.metadata.deletionTimestamp === undefined) return;
      const left = removeContent(client, namespace.metadata.name);
      if (left === 0) client.modify(NAMESPACES, namespace, (latest) => ({ ...latest, spec: { finalizers: [] } }));
    },
  };
}

/** How many objects are still there: waiting for their finalizers or for the kubelet. */
function removeContent(client: Client, namespace: string): number {
  let left = 0;
  for (const kind of CONTENT) {
    for (const object of client.list(kind, namespace)) {
      if (object.metadata.deletionTimestamp === undefined) client.remove(kind.type, object);
    }
    left += client.list(kind, namespace).length;
  }
  return left;
}

function holdsContent({ namespaced, group }: ResourceType): boolean {
  return namespaced && group !== 'events.k8s.io';
}
