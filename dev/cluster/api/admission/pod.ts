// A new pod needs the ServiceAccount and the PriorityClass that it names.
import type { KubeObject } from '../../../../lib/kube/objects';
import { resourceType, type ResourceType } from '../../resources';
import type { Store } from '../../store';
import { at, text } from '../json';
import { forbidden } from '../status';

const SERVICE_ACCOUNT = resourceType('v1', 'ServiceAccount');

/** The one that every namespace has; it comes a moment after its namespace. */
const GIVEN = 'default';
const PRIORITY_CLASSES = new Set(['', 'system-cluster-critical', 'system-node-critical']);

export function admitPod(store: Store, type: ResourceType, { metadata = {}, spec }: KubeObject): void {
  const { name = '', namespace = '' } = metadata;
  const account = text(at(spec, 'serviceAccountName'));
  if (account !== GIVEN && store.get(SERVICE_ACCOUNT, namespace, account) === undefined) {
    const looked = `error looking up service account ${namespace}/${account}`;
    throw forbidden(type, name, `${looked}: serviceaccount "${account}" not found`);
  }
  const priorityClass = text(at(spec, 'priorityClassName'));
  if (PRIORITY_CLASSES.has(priorityClass)) return;
  throw forbidden(type, name, `no PriorityClass with name ${priorityClass} was found`);
}
