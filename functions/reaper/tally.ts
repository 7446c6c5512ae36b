// What one run did so far, in constant memory: counts, and the first deletions with their reasons.
import type { KubeObject } from '../../lib/kube/objects';
import type { Counter, Counters } from './counters';

export type Reason =
  | 'anchor_gone'
  | 'ended_and_recorded'
  | 'job_expired'
  | 'job_gone'
  | 'job_record_expired'
  | 'job_record_replaced'
  | 'job_record_superseded'
  | 'job_superseded'
  | 'record_expired'
  | 'run_time_exceeded'
  | 'set_expired'
  | 'set_superseded'
  | 'start_never_completed';

/** Something that is to be deleted, and why. */
export interface Deletion {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Where it may only go as it was when it was judged. */
  readonly resourceVersion?: string;
  readonly reason: Reason;
}

export function deletionOf(
  type: Pick<Deletion, 'apiVersion' | 'kind'>,
  { metadata }: KubeObject,
  reason: Reason,
): Deletion {
  const { namespace = '', name = '', uid = '' } = metadata ?? {};
  return { ...type, namespace, name, uid, reason };
}

type Seen = 'jobs' | 'sets' | 'records' | 'services' | 'belongings';

/** In a dry run: what would have been done. */
export interface Totals {
  readonly seen: Readonly<Record<Seen, number>>;
  readonly planned: Readonly<Partial<Record<Reason, number>>>;
  readonly deletions: readonly Pick<Deletion, 'kind' | 'name' | 'reason'>[];
  readonly ended: number;
  readonly captured: number;
  readonly postponed: number;
  readonly lost: number;
  readonly deleted: number;
  readonly failed: number;
  /** What a run out of time did not come to. */
  readonly left: number;
}

export interface Tally {
  readonly saw: (what: Seen, count: number) => void;
  readonly plan: (deletion: Deletion) => void;
  readonly add: (what: Exclude<Counter, 'sweeps'>, count?: number) => void;
  readonly leave: (count: number) => void;
  readonly totals: () => Totals;
}

const DELETIONS_TOLD = 100;

export function createTally(counters: Counters): Tally {
  const seen = { jobs: 0, sets: 0, records: 0, services: 0, belongings: 0 };
  const counts = { ended: 0, captured: 0, postponed: 0, lost: 0, deleted: 0, failed: 0 };
  const planned: Partial<Record<Reason, number>> = {};
  const deletions: Pick<Deletion, 'kind' | 'name' | 'reason'>[] = [];
  let left = 0;
  return {
    saw: (what, count) => void (seen[what] += count),
    plan: ({ kind, name, reason }) => {
      planned[reason] = (planned[reason] ?? 0) + 1;
      if (deletions.length < DELETIONS_TOLD) deletions.push({ kind, name, reason });
    },
    add: (what, count = 1) => {
      counts[what] += count;
      counters.add(what, count);
    },
    leave: (count) => void (left += count),
    totals: () => ({ seen, planned, deletions, ...counts, left }),
  };
}
