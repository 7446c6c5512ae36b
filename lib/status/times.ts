// Kubernetes times as milliseconds; what is missing, unreadable or the epoch itself counts as unknown.

/** The kubelet writes 1970-01-01T00:00:00Z for a container that never started. */
export function timeOf(iso: string | null | undefined): number | undefined {
  const time = Date.parse(iso ?? '');
  return time > 0 ? time : undefined;
}

export function latest(...times: readonly (number | undefined)[]): number {
  return Math.max(0, ...times.filter((time) => time !== undefined));
}

export function earliest(...times: readonly (number | undefined)[]): number {
  return Math.min(Infinity, ...times.filter((time) => time !== undefined));
}

export function after(time: number, seconds: number): number {
  return time + seconds * 1000;
}
