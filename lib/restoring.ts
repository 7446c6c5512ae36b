// What `services` and `archive` tell each other of claims that are filled from an archive before a pod may use them. Pure.
import type { KubeObject, ObjectMeta } from './kube/objects';
import { ANNOTATIONS, LABELS, MANAGED_BY } from './labels';
import { withPodTemplate, type PodTemplate } from './manifests/podTemplate';

/** Of claims that a mover fills. */
export const TARGET_KIND = 'archive-target';

/** Of a pod that has to wait for its claims. https://kubernetes.io/docs/concepts/scheduling-eviction/pod-scheduling-readiness/ */
export const RESTORE_GATE = 'hub-functions/restore';

/** The one value of the annotation by which a description asks for it. */
export const RESTORE_LATEST = 'latest';

/** Reasons of the Events by which a pod that waits is told how that goes. */
export const TOLD = { underway: 'Restoring', failed: 'RestoreFailed' } as const;
export type Told = (typeof TOLD)[keyof typeof TOLD];

const ours = `${LABELS.managedBy}=${MANAGED_BY}`;

/** Claims that are or were filled, and those that are not yet. */
export const EVERY_TARGET = `${ours},${LABELS.kind}=${TARGET_KIND}`;
export const UNFILLED = `${EVERY_TARGET},${LABELS.ready}=false`;
/** Pods that wait or waited for one. */
export const EVERY_WAITING_POD = `${LABELS.restores}=true`;

type Described = Pick<KubeObject, 'metadata'>;

export function asksToBeFilled({ metadata }: Described): boolean {
  return metadata?.annotations?.[ANNOTATIONS.restore] !== undefined;
}

/** No pod of a user may have it yet. */
export function isUnfilled({ metadata }: Described): boolean {
  return metadata?.labels?.[LABELS.kind] === TARGET_KIND && metadata.labels[LABELS.ready] !== 'true';
}

/** A claim that nobody may use until an archive of it is in there. */
export function asUnfilled(claim: KubeObject): KubeObject {
  const ownLabels = { [LABELS.managedBy]: MANAGED_BY, [LABELS.kind]: TARGET_KIND, [LABELS.ready]: 'false' };
  return { ...claim, metadata: { ...claim.metadata, labels: { ...claim.metadata?.labels, ...ownLabels } } };
}

/** The manifest with its pods held back until these claims are filled; itself where they use none of them. */
export function heldBack(manifest: KubeObject, claims: ReadonlySet<string>): KubeObject {
  return withPodTemplate(manifest, (pod) => {
    const awaited = claimNamesOf(pod).filter((name) => claims.has(name));
    return awaited.length === 0 ? pod : withGate(pod, awaited);
  });
}

function withGate(pod: PodTemplate, awaited: readonly string[]): PodTemplate {
  const { metadata, spec } = pod;
  const gates = gatesOf(spec).filter(({ name }) => name !== RESTORE_GATE);
  return {
    ...pod,
    metadata: {
      ...metadata,
      labels: { ...metadata?.labels, [LABELS.restores]: 'true' },
      annotations: { ...metadata?.annotations, [ANNOTATIONS.restores]: awaited.join(',') },
    },
    spec: { ...spec, schedulingGates: [...gates, { name: RESTORE_GATE }] },
  };
}

export function claimNamesOf({ spec }: PodTemplate): readonly string[] {
  return (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => {
    const { claimName } = (persistentVolumeClaim ?? {}) as { readonly claimName?: string };
    return claimName ?? [];
  });
}

export interface Gated {
  readonly metadata?: ObjectMeta;
  readonly spec?: unknown;
}

/** Names of the claims that a pod still waits for; none when our gate is not on it any more. */
export function awaitedBy({ metadata, spec }: Gated): readonly string[] {
  const isGated = gatesOf(spec).some(({ name }) => name === RESTORE_GATE);
  const names = metadata?.annotations?.[ANNOTATIONS.restores]?.split(',') ?? [];
  return isGated && metadata?.deletionTimestamp === undefined ? names : [];
}

/** The gates of others stay. */
export function gatesWithoutOurs({ spec }: Gated): readonly object[] {
  return gatesOf(spec).filter(({ name }) => name !== RESTORE_GATE);
}

function gatesOf(spec: unknown): readonly { readonly name: string }[] {
  const { schedulingGates = [] } = (spec ?? {}) as { readonly schedulingGates?: readonly { readonly name: string }[] };
  return schedulingGates;
}
