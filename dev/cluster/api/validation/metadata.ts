// What every object's metadata must satisfy.
import type { KubeObject, ObjectMeta, OwnerReference } from '../../../../lib/kube/objects';
import type { ResourceType } from '../../resources';
import { invalidValue, required, tooLong, type Fault } from './fault';
import { isDns1035Label, isDnsLabel, isDnsSubdomain, isLabelValue, isQualifiedName, type Grammar } from './names';

const NAMES: Readonly<Record<string, Grammar>> = { Service: isDns1035Label, Namespace: isDnsLabel };

/** RBAC names are path segments: `system:reader` is one. */
const isPathSegment: Grammar = (value) =>
  ['.', '..'].includes(value) || /[/%]/.test(value) ? [`may not be '.', '..' or contain '/' or '%'`] : [];

const MAX_ANNOTATION_BYTES = 256 * 1024;

export function metadataFaults(type: ResourceType, { metadata = {} }: KubeObject): Fault[] {
  return [
    ...nameFaults(type, metadata),
    ...labelFaults(metadata.labels, 'metadata.labels'),
    ...annotationFaults(metadata.annotations),
    ...(metadata.ownerReferences ?? []).flatMap(ownerFaults),
    ...controllerFaults(metadata.ownerReferences ?? []),
  ];
}

function nameFaults(type: ResourceType, { name = '', generateName = '' }: ObjectMeta): Fault[] {
  const grammar = type.group === 'rbac.authorization.k8s.io' ? isPathSegment : (NAMES[type.kind] ?? isDnsSubdomain);
  if (name === '') return [required('metadata.name', 'name or generateName is required')];
  // a prefix may end in what a name may not, the generated letters follow
  const ofPrefix = generateName === '' ? [] : grammar(`${generateName}a`);
  return [
    ...ofPrefix.map((says) => invalidValue('metadata.generateName', generateName, says)),
    ...grammar(name).map((says) => invalidValue('metadata.name', name, says)),
  ];
}

export function labelFaults(labels: Readonly<Record<string, string>> = {}, field = 'metadata.labels'): Fault[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...isQualifiedName(key).map((says) => invalidValue(field, key, says)),
    ...isLabelValue(value).map((says) => invalidValue(field, value, says)),
  ]);
}

function annotationFaults(annotations: Readonly<Record<string, string>> = {}): Fault[] {
  const entries = Object.entries(annotations);
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  const ofKeys = entries.flatMap(([key]) =>
    isQualifiedName(key.toLowerCase()).map((says) => invalidValue('metadata.annotations', key, says)),
  );
  return bytes > MAX_ANNOTATION_BYTES ? [...ofKeys, tooLong('metadata.annotations', MAX_ANNOTATION_BYTES)] : ofKeys;
}

function ownerFaults(owner: OwnerReference): Fault[] {
  const fields = ['apiVersion', 'kind', 'name', 'uid'] as const;
  const missing = fields.filter((field) => !owner[field]);
  return missing.map((field) => {
    const says = field === 'apiVersion' ? 'version must not be empty' : 'must not be empty';
    return invalidValue(`metadata.ownerReferences.${field}`, '', says);
  });
}

function controllerFaults(owners: readonly OwnerReference[]): Fault[] {
  const controllers = owners.filter(({ controller }) => controller === true);
  const [first, second] = controllers;
  if (first === undefined || second === undefined) return [];
  const says = `Only one reference can have Controller set to true. Found "true" in references for ${first.kind}/${first.name} and ${second.kind}/${second.name}`;
  return [invalidValue('metadata.ownerReferences', owners, says)];
}
