// Gives each namespace its ServiceAccount `default`.
import { isAlreadyExists, NAMESPACES, SERVICE_ACCOUNTS, type Client } from './client';
import { keysOfKind, parseKey } from './ownership';
import type { Controller } from './reconcile';

export function serviceAccounts(client: Client): Controller {
  return {
    name: 'serviceaccount',
    keysOf: (event) => {
      const { object, type } = event;
      if (object.kind === 'ServiceAccount' && type === 'DELETED') return [`/${object.metadata?.namespace ?? ''}`];
      return keysOfKind('Namespace', event);
    },
    reconcile: (key) => {
      const { name } = parseKey(key);
      const namespace = client.get(NAMESPACES, '', name);
      if (namespace === undefined || namespace.metadata.deletionTimestamp !== undefined) return;
      if (client.get(SERVICE_ACCOUNTS, name, 'default') === undefined) createDefault(client, name);
    },
  };
}

function createDefault(client: Client, namespace: string): void {
  try {
    client.create(SERVICE_ACCOUNTS, { metadata: { name: 'default', namespace } });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}
