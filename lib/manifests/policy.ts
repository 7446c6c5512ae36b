// What a manifest may be: known kinds of the one namespace, and pods without a hold on their node.
import { isKnownKind, isNamespaced } from '../kube/resources';
import type { KubeObject } from '../kube/objects';
import { isRecord } from '../record';
import { ANNOTATIONS } from '../labels';
import { RESTORE_LATEST } from '../restoring';
import { descriptionError, type Place } from './errors';
import { podTemplate, type PodSpec } from './podTemplate';
import type { Rendered } from './render';

export interface ManifestPolicy {
  readonly namespace: string;
  /** Kinds that descriptions may hold. */
  readonly allowedKinds: readonly string[];
  /** Privileged containers, host namespaces and hostPath volumes are accepted. */
  readonly allowPrivileged: boolean;
}

const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/;

/** Throws for the first manifest that the policy refuses, naming its place. */
export function checkManifests(rendered: readonly Rendered[], policy: ManifestPolicy): void {
  for (const { manifest, place } of rendered) {
    checkKind(manifest, place, policy);
    checkMetadata(manifest, place, policy.namespace);
    checkRestore(manifest, place);
    if (!policy.allowPrivileged) checkPod(manifest, place);
  }
}

function checkKind({ apiVersion, kind }: KubeObject, place: Place, { allowedKinds }: ManifestPolicy): void {
  if (typeof apiVersion !== 'string') throw descriptionError({ ...place, path: 'apiVersion' }, 'is missing');
  if (typeof kind !== 'string') throw descriptionError({ ...place, path: 'kind' }, 'is missing');
  const known = isKnownKind(apiVersion, kind) && isNamespaced(apiVersion, kind);
  if (known && allowedKinds.includes(kind)) return;
  const problem = `kind ${kind} of ${apiVersion} is not allowed; allowed are ${allowedKinds.join(', ')}`;
  throw descriptionError({ ...place, path: 'kind' }, problem);
}

function checkMetadata({ metadata }: KubeObject, place: Place, namespace: string): void {
  const name: unknown = metadata?.name;
  if (typeof name !== 'string' || name.length > 253 || !DNS_SUBDOMAIN.test(name)) {
    const problem = name === undefined ? 'is missing' : `${JSON.stringify(name)} is not a valid name`;
    throw descriptionError({ ...place, path: 'metadata.name' }, problem);
  }
  const own = metadata?.namespace ?? namespace;
  if (own === namespace) return;
  const problem = `namespace ${JSON.stringify(own)} is not allowed; objects of a service belong to ${namespace}`;
  throw descriptionError({ ...place, path: 'metadata.namespace' }, problem);
}

/** Only a claim can be filled, and only one that holds files. */
function checkRestore({ kind, metadata, spec }: KubeObject, place: Place): void {
  const value: unknown = metadata?.annotations?.[ANNOTATIONS.restore];
  if (value === undefined) return;
  const at = { ...place, path: `metadata.annotations["${ANNOTATIONS.restore}"]` };
  if (kind !== 'PersistentVolumeClaim') throw descriptionError(at, 'has a meaning on PersistentVolumeClaims only');
  if (value !== RESTORE_LATEST) {
    throw descriptionError(at, `is ${JSON.stringify(value)}; the one value it may have is "${RESTORE_LATEST}"`);
  }
  if (!isRecord(spec) || spec['volumeMode'] !== 'Block') return;
  throw descriptionError({ ...place, path: 'spec.volumeMode' }, 'is Block, and archives hold files');
}

function checkPod(manifest: KubeObject, place: Place): void {
  const template = podTemplate(manifest);
  const [hold] = template === undefined ? [] : holdsOnNode(template.pod.spec ?? {});
  if (template === undefined || hold === undefined) return;
  const path = `${template.path}spec.${hold}`;
  throw descriptionError({ ...place, path }, 'gives the pod a hold on its node, which is not allowed');
}

/** Paths in a pod spec that reach beyond the pod. https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline */
function holdsOnNode(spec: PodSpec): readonly string[] {
  const containers = (['containers', 'initContainers', 'ephemeralContainers'] as const).flatMap((list) =>
    (spec[list] ?? []).flatMap(({ securityContext }, index) =>
      securityContext?.privileged === true ? [`${list}[${index}].securityContext.privileged`] : [],
    ),
  );
  return [
    ...(['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field] === true),
    ...(spec.volumes ?? []).flatMap(({ hostPath }, index) =>
      hostPath === undefined ? [] : [`volumes[${index}].hostPath`],
    ),
    ...containers,
  ];
}
