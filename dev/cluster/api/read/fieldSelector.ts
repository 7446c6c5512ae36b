// Field selectors: each kind offers a few fields of its own, as in Kubernetes.
import type { KubeObject } from '../../../../lib/kube/objects';
import { apiVersionOf, type ResourceType } from '../../resources';
import { at, scalar } from '../json';
import { badRequest } from '../status';

const OF_ALL = ['metadata.name', 'metadata.namespace'];

const OF_KIND: Readonly<Record<string, readonly string[]>> = {
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  Event: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
      (field) => `involvedObject.${field}`,
    ),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  Secret: ['type'],
  Namespace: ['status.phase'],
  Node: ['spec.unschedulable'],
  Job: ['status.successful'],
  ReplicaSet: ['status.replicas'],
  ReplicationController: ['status.replicas'],
  Service: ['spec.clusterIP', 'spec.type'],
};

/** Where a selectable name is not the path of the field. */
const PATHS: Readonly<Record<string, string>> = {
  source: 'source.component',
  'status.successful': 'status.succeeded',
};

export function parseFieldSelector(type: ResourceType, selector: string): (object: KubeObject) => boolean {
  const terms = selector.split(',').filter((term) => term.trim() !== '');
  const requirements = terms.map((term) => parseTerm(type, term.trim()));
  return (object) => requirements.every((requirement) => requirement(object));
}

function parseTerm(type: ResourceType, term: string): (object: KubeObject) => boolean {
  const [, name = '', operator, value = ''] = /^([^=!]+?)\s*(==|=|!=)\s*(.*)$/.exec(term) ?? [];
  if (operator === undefined) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  const field = name.replace(/^regarding\./, 'involvedObject.');
  if (![...OF_ALL, ...(OF_KIND[type.kind] ?? [])].includes(field)) throw notSupported(type, term, name);
  const path = (PATHS[field] ?? field).split('.');
  const isEqual = operator !== '!=';
  return (object) => (valueAt(object, path) === value) === isEqual;
}

function valueAt(object: KubeObject, path: readonly string[]): string {
  return scalar(at(object, ...path));
}

function notSupported(type: ResourceType, term: string, field: string): Error {
  const where = `Unable to find "${apiVersionOf(type)}, Resource=${type.plural}"`;
  const selectors = `that match label selector "", field selector "${term}"`;
  return badRequest(`${where} ${selectors}: field label not supported: ${field}`);
}
