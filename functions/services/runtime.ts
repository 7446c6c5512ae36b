// How long a service may run at most: a limit of its flavor, of the installation, or none.
import * as z from 'zod';

const amount = z.number().min(0).optional();

export const runtime = z.strictObject({ days: amount, hours: amount, minutes: amount });

export type Runtime = Readonly<z.infer<typeof runtime>>;

const MINUTE_MS = 60_000;

/** The end by the strictest of the limits, as ISO time; undefined without any, and nothing at all is none. */
export function endOfRun(now: Date, limits: readonly (Runtime | undefined)[]): string | undefined {
  const spans = limits.map(milliseconds).filter((span) => span > 0);
  return spans.length === 0 ? undefined : new Date(now.getTime() + Math.min(...spans)).toISOString();
}

function milliseconds({ days = 0, hours = 0, minutes = 0 }: Runtime = {}): number {
  return ((days * 24 + hours) * 60 + minutes) * MINUTE_MS;
}
