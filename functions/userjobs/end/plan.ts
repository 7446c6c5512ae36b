// Decides which user jobs a sweep ends, and why. Pure.
import type { UserJob } from '../record';

export type Reason = 'asked_to_stop' | 'service_gone' | 'never_completed';

export interface Around {
  /** Uids of the services that run. */
  readonly services: ReadonlySet<string>;
  /** Uids of the user jobs that have a tunnel. */
  readonly tunnels: ReadonlySet<string>;
  readonly createDeadlineSeconds: number;
  readonly now: Date;
}

/** Undefined: it stays. */
export function reasonToEnd({ record, uid, createdAt }: UserJob, around: Around): Reason | undefined {
  if (record.stoppedAt !== undefined) return 'asked_to_stop';
  if (!around.services.has(record.serviceUid)) return 'service_gone';
  const ageSeconds = (around.now.getTime() - createdAt.getTime()) / 1000;
  const isLate = ageSeconds > around.createDeadlineSeconds;
  return isLate && !around.tunnels.has(uid) ? 'never_completed' : undefined;
}
