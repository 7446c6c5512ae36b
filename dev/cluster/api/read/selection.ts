// Which objects a list, a watch or a deletion of many is about: type, namespace, name and selectors together.
import type { KubeObject } from '../../../../lib/kube/objects';
import { storedType } from '../eventsApi';
import type { ResourceRequest } from '../request';
import { parseFieldSelector } from './fieldSelector';
import { parseLabelSelector } from './labelSelector';

export interface Selection {
  readonly matches: (object: KubeObject) => boolean;
  /** False when every object of the scope is meant. */
  readonly isSelective: boolean;
}

export function selectionOf({ target, query }: ResourceRequest): Selection {
  const labelSelector = query.get('labelSelector') ?? '';
  const fieldSelector = query.get('fieldSelector') ?? '';
  const byLabels = parseLabelSelector(labelSelector);
  const byFields = parseFieldSelector(storedType(target.type), fieldSelector);
  const inNamespace = (object: KubeObject): boolean =>
    target.namespace === '' || object.metadata?.namespace === target.namespace;
  return {
    matches: (object) => inNamespace(object) && byLabels(object) && byFields(object),
    isSelective: labelSelector !== '' || fieldSelector !== '',
  };
}
