// Times as Kubernetes' objects write them.

/** Seconds are the finest time that metadata and most statuses know. */
export function timestamp(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** As in the eventTime of Events: microseconds, of which a clock here knows the thousands. */
export function microTimestamp(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}
