// What a claim says of itself: whose it is, how large, and who uses it. Pure.
import type { KubeObject, ObjectMeta } from '../../lib/kube/objects';
import type { Pod } from '../../lib/status/observed';
import { hasEnded } from '../../lib/jobs/attempts';
import { LABELS } from '../../lib/labels';
import type { ArchiveConfig } from './configFile';
import { MOVER_KIND } from './names';

export interface Claim extends KubeObject {
  readonly spec?: {
    readonly accessModes?: readonly string[];
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly volumeMode?: string;
    readonly resources?: { readonly requests?: { readonly storage?: string } };
  };
  readonly status?: { readonly phase?: string };
}

/** What a claim like this one is asked for with. */
export interface ClaimShape {
  readonly size: string;
  readonly storageClass?: string | undefined;
  readonly accessModes: readonly string[];
}

export interface UsingPod extends Pod, KubeObject {
  readonly metadata?: ObjectMeta;
  readonly status?: Exclude<Pod['status'], undefined>;
  readonly spec?: Pod['spec'] & {
    readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[];
    readonly tolerations?: readonly Toleration[];
  };
}

export interface Toleration {
  readonly key?: string;
  readonly [field: string]: unknown;
}

/** By annotation, else by its name; undefined when neither tells. */
export function userOf(
  { metadata }: Claim,
  config: Pick<ArchiveConfig, 'user_annotations' | 'claim_names'>,
): string | undefined {
  const { annotations = {}, name = '' } = metadata ?? {};
  const told = config.user_annotations.map((key) => annotations[key]).find((user) => user !== undefined && user !== '');
  return told ?? config.claim_names.map((pattern) => between(pattern, name)).find((user) => user !== undefined);
}

function between(pattern: string, name: string): string | undefined {
  const [before = '', after = ''] = pattern.split('<user>');
  const isLike = name.startsWith(before) && name.endsWith(after) && name.length > before.length + after.length;
  return isLike ? name.slice(before.length, name.length - after.length) : undefined;
}

export function shapeOf({ spec }: Claim): ClaimShape {
  return {
    size: spec?.resources?.requests?.storage ?? '1Gi',
    storageClass: spec?.storageClassName,
    accessModes: spec?.accessModes ?? ['ReadWriteOnce'],
  };
}

export function isMover({ metadata }: UsingPod): boolean {
  return metadata?.labels?.[LABELS.kind] === MOVER_KIND;
}

/** Pods that hold a claim, movers aside; a pod that has no node yet will. */
export function usersOf(claim: string, pods: readonly UsingPod[]): readonly UsingPod[] {
  return pods.filter((pod) => !hasEnded(pod) && !isMover(pod) && claimsOf(pod).includes(claim));
}

export function claimsOf({ spec }: UsingPod): readonly string[] {
  return (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

export type Place =
  | { readonly anywhere: true }
  /** `tolerations`: of who is there, so that a node which is kept for users takes a mover beside them. */
  | { readonly node: string; readonly tolerations: readonly Toleration[] }
  | { readonly refused: string };

/** Where a mover can read a claim beside those who use it. */
export function placeFor(claim: Claim, users: readonly UsingPod[]): Place {
  const modes = claim.spec?.accessModes ?? [];
  if (users.length === 0 || modes.includes('ReadWriteMany') || modes.includes('ReadOnlyMany'))
    return { anywhere: true };
  const by = users.map(({ metadata }) => metadata?.name).join(', ');
  if (modes.includes('ReadWriteOncePod')) return { refused: `Only one pod may use this claim, and ${by} does.` };
  const there = users.find(({ spec }) => spec?.nodeName !== undefined)?.spec;
  return besides(there) ?? { refused: `The claim is about to be used by ${by}, on a node yet to be chosen.` };
}

function besides(spec: UsingPod['spec']): Place | undefined {
  if (spec?.nodeName === undefined) return undefined;
  return { node: spec.nodeName, tolerations: (spec.tolerations ?? []).filter(isOwnWish) };
}

/** Kubernetes gives every pod some of its own. */
function isOwnWish({ key }: Toleration): boolean {
  return key?.startsWith('node.kubernetes.io/') !== true;
}
