// Decides what a sweep deletes, and why: pure, from what was listed and the time.
import type { KubeObject } from '../../../lib/kube/objects';
import { ANNOTATIONS, LABELS } from '../../../lib/labels';

export interface Policy {
  /** Longer than any start may take. */
  readonly startDeadlineSeconds: number;
  /** How long the reason and last log lines of an ended service can be read. */
  readonly endedRetentionSeconds: number;
}

export interface Listed {
  readonly anchors: readonly KubeObject[];
  /** Uids of the anchors whose start is complete; listed after the anchors. */
  readonly complete: ReadonlySet<string>;
}

export type Reason = 'start_never_completed' | 'ended_and_recorded' | 'record_expired' | 'run_time_exceeded';

export interface Deletion {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly reason: Reason;
}

export function planSweep({ anchors, complete }: Listed, policy: Policy, now: Date): readonly Deletion[] {
  const recorded = new Set(anchors.filter(isEnded).map(startOf));
  return anchors.flatMap((anchor) => {
    const reason = isEnded(anchor)
      ? reasonToForget(anchor, policy, now)
      : reasonToRemove(anchor, {
          recorded,
          complete,
          startedLongAgo: age(anchor, now) > policy.startDeadlineSeconds,
          isOverdue: runUntil(anchor) <= now.getTime(),
        });
    return reason === undefined ? [] : [{ ...identityOf(anchor), reason }];
  });
}

interface Surroundings {
  /** Starts whose end is written down. */
  readonly recorded: ReadonlySet<string>;
  readonly complete: ReadonlySet<string>;
  readonly startedLongAgo: boolean;
  readonly isOverdue: boolean;
}

/** Each other reason needs an old anchor: what is young may still be worked on by a request. */
function reasonToRemove(anchor: KubeObject, around: Surroundings): Reason | undefined {
  if (around.isOverdue) return 'run_time_exceeded';
  if (!around.startedLongAgo) return undefined;
  if (around.recorded.has(startOf(anchor))) return 'ended_and_recorded';
  return around.complete.has(anchor.metadata?.uid ?? '') ? undefined : 'start_never_completed';
}

function reasonToForget(anchor: KubeObject, { endedRetentionSeconds }: Policy, now: Date): Reason | undefined {
  return age(anchor, now) > endedRetentionSeconds ? 'record_expired' : undefined;
}

function isEnded({ metadata }: KubeObject): boolean {
  return metadata?.labels?.[LABELS.phase] === 'ended';
}

/** One start: an anchor, or the record of its end. A start id may have been started anew since. */
function startOf({ metadata: { labels, annotations } = {} }: KubeObject): string {
  const { [ANNOTATIONS.startId]: startId, [ANNOTATIONS.startDate]: startDate } = annotations ?? {};
  return [labels?.[LABELS.anchor], startDate, startId].join(' ');
}

/** Milliseconds; NaN, which is never over, when the service may run for ever. */
function runUntil({ metadata }: KubeObject): number {
  return Date.parse(metadata?.annotations?.[ANNOTATIONS.runUntil] ?? '');
}

function age({ metadata }: KubeObject, now: Date): number {
  return (now.getTime() - Date.parse(metadata?.creationTimestamp ?? now.toISOString())) / 1000;
}

function identityOf({ metadata }: KubeObject): { namespace: string; name: string; uid: string } {
  return { namespace: metadata?.namespace ?? '', name: metadata?.name ?? '', uid: metadata?.uid ?? '' };
}
