// Decides what a sweep deletes, and why: pure, from what was listed and the time.
import { ANNOTATIONS, LABELS } from '../../lib/labels';
import type { KubeObject } from '../../lib/kube/objects';

export interface Policy {
  /** Longer than any start may take. */
  readonly startDeadlineSeconds: number;
  /** How long the reason and last log lines of an ended service can be read. */
  readonly endedRetentionSeconds: number;
}

export interface Listed {
  readonly anchors: readonly KubeObject[];
  /** Names of the anchors whose start is complete; listed after the anchors. */
  readonly complete: ReadonlySet<string>;
}

export type Reason = 'start_never_completed' | 'ended_and_recorded' | 'replaced_by_newer_start' | 'record_expired';

export interface Deletion {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly reason: Reason;
}

export function planSweep({ anchors, complete }: Listed, policy: Policy, now: Date): readonly Deletion[] {
  const newest = newestStarts(anchors);
  const recorded = new Set(anchors.filter(isEnded).map(startOf));
  return anchors.flatMap((anchor) => {
    const reason = isEnded(anchor)
      ? reasonToForget(anchor, policy, now)
      : reasonToRemove(anchor, {
          newest,
          recorded,
          complete,
          startedLongAgo: age(anchor, now) > policy.startDeadlineSeconds,
        });
    return reason === undefined ? [] : [{ ...identityOf(anchor), reason }];
  });
}

interface Surroundings {
  /** Date of the newest start by service name. */
  readonly newest: ReadonlyMap<string, string>;
  /** Starts whose end is written down. */
  readonly recorded: ReadonlySet<string>;
  readonly complete: ReadonlySet<string>;
  readonly startedLongAgo: boolean;
}

/** Each reason needs an old anchor: what is young may still be worked on by a request. */
function reasonToRemove(anchor: KubeObject, around: Surroundings): Reason | undefined {
  if (!around.startedLongAgo) return undefined;
  if (around.recorded.has(startOf(anchor))) return 'ended_and_recorded';
  if (startDate(anchor) < (around.newest.get(nameOf(anchor)) ?? '')) return 'replaced_by_newer_start';
  return around.complete.has(anchor.metadata?.name ?? '') ? undefined : 'start_never_completed';
}

function reasonToForget(anchor: KubeObject, { endedRetentionSeconds }: Policy, now: Date): Reason | undefined {
  return age(anchor, now) > endedRetentionSeconds ? 'record_expired' : undefined;
}

function newestStarts(anchors: readonly KubeObject[]): ReadonlyMap<string, string> {
  const newest = new Map<string, string>();
  for (const anchor of anchors.filter((candidate) => !isEnded(candidate))) {
    const name = nameOf(anchor);
    if (startDate(anchor) > (newest.get(name) ?? '')) newest.set(name, startDate(anchor));
  }
  return newest;
}

function isEnded({ metadata }: KubeObject): boolean {
  return metadata?.labels?.[LABELS.phase] === 'ended';
}

/** The label holds the hash of credential and service name. */
function nameOf({ metadata }: KubeObject): string {
  return metadata?.labels?.[LABELS.name] ?? '';
}

/** One start: the anchor label is the same on the anchor and on the record of its end. */
function startOf({ metadata }: KubeObject): string {
  return metadata?.labels?.[LABELS.anchor] ?? '';
}

function startDate({ metadata }: KubeObject): string {
  return metadata?.annotations?.[ANNOTATIONS.startDate] ?? '';
}

function age({ metadata }: KubeObject, now: Date): number {
  return (now.getTime() - Date.parse(metadata?.creationTimestamp ?? now.toISOString())) / 1000;
}

function identityOf({ metadata }: KubeObject): { namespace: string; name: string; uid: string } {
  return { namespace: metadata?.namespace ?? '', name: metadata?.name ?? '', uid: metadata?.uid ?? '' };
}
