// Until when: an ISO time, or a duration such as `10m`. Pure.

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST_MS = 366 * 86_400_000;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** A text says what is wrong. */
export function expiryTime(expires: unknown, now: Date): Date | string {
  const time = typeof expires === 'string' ? parsed(expires, now) : Number.NaN;
  if (Number.isNaN(time))
    return 'expires in configuration must be a time like 2026-11-29T12:00:00Z or a duration like 10m';
  if (time <= now.getTime()) return 'expires in configuration must be in the future';
  return time - now.getTime() > LONGEST_MS ? 'expires in configuration must be within a year' : new Date(time);
}

function parsed(text: string, now: Date): number {
  const [, number, unit = ''] = /^(\d{1,6})\s*([smhd])$/.exec(text) ?? [];
  if (number !== undefined) return now.getTime() + Number(number) * (UNIT_MS[unit] ?? Number.NaN);
  return ISO.test(text) ? Date.parse(text) : Number.NaN;
}
