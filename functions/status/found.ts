// What a sweep found: news that an event should have told, and ends that time alone brought. Pure.
import type { Progress, ProgressEvent } from '../../lib/services/progress';

export interface Found {
  readonly missed: number;
  readonly overdue: number;
}

/** `after` is absent when the service went meanwhile. */
export function foundBetween(before: Progress, after: Progress | undefined): Found {
  const last = before.events.at(-1)?.id ?? 0;
  const news = (after?.events ?? []).filter(({ id }) => id > last);
  const overdue = news.filter((event) => isOverdue(event, before)).length;
  return { missed: news.length - overdue, overdue };
}

/** The trouble was known, and is hopeless by now; or nothing was ever known but that it takes too long. */
function isOverdue({ end, reason }: ProgressEvent, { events }: Progress): boolean {
  if (end !== 'failed') return false;
  return reason === 'StartTimeout' || events.some((event) => event.reason === reason);
}
