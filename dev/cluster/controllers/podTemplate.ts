// Pods made from a template, the way all workload controllers make them.
import { createHash } from 'node:crypto';
import type { V1PodTemplateSpec } from '@kubernetes/client-node';
import type { KubeObject } from '../../../lib/kube/objects';
import { PODS, type Client } from './client';
import type { RecordEvent } from './events';
import { controllerReference } from './ownership';
import type { Pod, Stored, Values, Wire } from './wire';

export type PodTemplate = Wire<V1PodTemplateSpec>;

/** The letters Kubernetes uses in generated names: no vowels, no words. */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

export interface PodDraft {
  readonly owner: Stored;
  readonly template: PodTemplate;
  /** Fixed name instead of a generated one. */
  readonly name?: string;
  readonly labels?: Values;
  readonly annotations?: Values;
}

export function podFromTemplate({ owner, template, name, labels, annotations }: PodDraft): KubeObject {
  const { metadata } = template;
  return {
    metadata: {
      ...(name === undefined ? { generateName: `${owner.metadata.name}-` } : { name }),
      namespace: owner.metadata.namespace,
      labels: { ...metadata?.labels, ...labels },
      annotations: { ...metadata?.annotations, ...annotations },
      ...(metadata?.finalizers === undefined ? {} : { finalizers: metadata.finalizers }),
      ownerReferences: [controllerReference(owner)],
    },
    spec: template.spec,
    status: { phase: 'Pending' },
  };
}

/** Creates the pod and tells so on its owner; a refusal is told too, and thrown. */
export function createPod(client: Client, record: RecordEvent, draft: PodDraft): Pod {
  try {
    const pod = client.create(PODS, podFromTemplate(draft));
    record(draft.owner, { type: 'Normal', reason: 'SuccessfulCreate', message: `Created pod: ${pod.metadata.name}` });
    return pod;
  } catch (error) {
    record(draft.owner, { type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${messageOf(error)}` });
    throw error;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function deletePod(client: Client, record: RecordEvent, { owner, pod }: { owner: Stored; pod: Pod }): void {
  client.remove(PODS.type, pod);
  record(owner, { type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${pod.metadata.name}` });
}

/** Stored templates never change: each is hashed once. */
const hashes = new WeakMap<PodTemplate, string>();

/** The same template has the same hash, whatever the order of its fields. */
export function templateHash(template: PodTemplate): string {
  const hash = hashes.get(template) ?? hashOf(template);
  hashes.set(template, hash);
  return hash;
}

function hashOf(template: PodTemplate): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(sorted(template)))
    .digest();
  return [...digest.subarray(0, 10)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([key, field]) => [key, sorted(field)]));
}
