// Ties objects to their anchor: the owner reference lets Kubernetes delete them, the labels let people and sweeps find them.
import type { KubeObject, ObjectMeta, OwnerReference } from '../kube/objects';
import { withPodTemplate } from './podTemplate';

export interface Owner {
  readonly anchor: KubeObject;
  /** Labels that every object of the started thing carries, pods included. */
  readonly labels: Readonly<Record<string, string>>;
  readonly namespace: string;
}

export function ownedBy(owner: Owner, manifest: KubeObject): KubeObject {
  const metadata: ObjectMeta = {
    ...manifest.metadata,
    namespace: owner.namespace,
    labels: { ...manifest.metadata?.labels, ...owner.labels },
    ownerReferences: [ownerReference(owner.anchor)],
  };
  const pods = withPodTemplate(manifest, (pod) => ({
    ...pod,
    metadata: { ...pod.metadata, labels: { ...pod.metadata?.labels, ...owner.labels } },
  }));
  // A Pod is its own template: its metadata is set last.
  return { ...pods, metadata };
}

export function isOwnedBy(anchor: KubeObject, object: KubeObject): boolean {
  const uid = anchor.metadata?.uid;
  return uid !== undefined && (object.metadata?.ownerReferences ?? []).some((owner) => owner.uid === uid);
}

function ownerReference(anchor: KubeObject): OwnerReference {
  const { name = '', uid = '' } = anchor.metadata ?? {};
  return { apiVersion: 'v1', kind: 'ConfigMap', name, uid };
}
