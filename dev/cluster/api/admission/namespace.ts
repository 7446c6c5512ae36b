// A new object needs a namespace that exists and is not on its way out.
import type { KubeObject } from '../../../../lib/kube/objects';
import { qualifiedName, resourceType, type ResourceType } from '../../resources';
import type { Store } from '../../store';
import { at } from '../json';
import { failureError, notFound } from '../status';

const NAMESPACE = resourceType('v1', 'Namespace');

export function admitNamespace(store: Store, type: ResourceType, object: KubeObject): void {
  const { name = '', namespace = '' } = object.metadata ?? {};
  if (!type.namespaced) return;
  const found = store.get(NAMESPACE, '', namespace);
  if (found === undefined) throw notFound(NAMESPACE, namespace);
  if (at(found, 'status', 'phase') !== 'Terminating') return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  };
  throw failureError({
    reason: 'Forbidden',
    message: `${qualifiedName(type)} "${name}" is forbidden: ${why}`,
    code: 403,
    details: { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.plural, causes: [cause] },
  });
}
