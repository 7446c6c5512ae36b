// Which archives of a claim the policy keeps, and which may go. Pure.
import type { Archive } from '../archive';
import type { KeepRules } from '../configFile';

/**
 * Of one claim of one user. The newest one, the newest that is proven, the one that was drilled last, and what is held
 * stay whatever the rules say; what is about to go is none of them.
 */
export function superfluous(archives: readonly Archive[], rules: KeepRules): readonly Archive[] {
  const newestFirst = archives
    .filter(({ record, operation }) => record.snapshot !== undefined && operation?.verb !== 'delete')
    .toSorted((a, b) => timeOf(b).localeCompare(timeOf(a)));
  const kept = new Set<Archive>([...newestFirst.slice(0, 1), ...newestFirst.filter(({ record }) => record.hold)]);
  const proven = newestFirst.find(({ record }) => record.verifiedAt !== undefined);
  if (proven !== undefined) kept.add(proven);
  const drilled = newestFirst.filter(({ record }) => record.drilledAt !== undefined).toSorted(byDrill);
  for (const archive of drilled.slice(-1)) kept.add(archive);
  for (const archive of newestFirst.slice(0, rules.last)) kept.add(archive);
  for (const { count, period } of periodsOf(rules)) {
    for (const archive of firstOfEach(newestFirst, period).slice(0, count)) kept.add(archive);
  }
  return newestFirst.filter((archive) => !kept.has(archive));
}

function byDrill({ record: a }: Archive, { record: b }: Archive): number {
  return (a.drilledAt ?? '').localeCompare(b.drilledAt ?? '');
}

interface Period {
  readonly count: number;
  readonly period: (time: string) => string;
}

function periodsOf({ daily, weekly, monthly, yearly }: KeepRules): readonly Period[] {
  return [
    { count: daily, period: (time) => time.slice(0, 10) },
    { count: weekly, period: weekOf },
    { count: monthly, period: (time) => time.slice(0, 7) },
    { count: yearly, period: (time) => time.slice(0, 4) },
  ];
}

/** The newest of each period. */
function firstOfEach(newestFirst: readonly Archive[], period: Period['period']): readonly Archive[] {
  const seen = new Map<string, Archive>();
  for (const archive of newestFirst) {
    const key = period(timeOf(archive));
    if (!seen.has(key)) seen.set(key, archive);
  }
  return [...seen.values()];
}

const DAY_MS = 86_400_000;
/** The first of January 1970 was a Thursday, and weeks begin on Mondays. */
const MONDAY_OFFSET = 3;

function weekOf(time: string): string {
  return String(Math.floor((Date.parse(time) / DAY_MS + MONDAY_OFFSET) / 7));
}

function timeOf({ record }: Archive): string {
  return record.archivedAt ?? record.askedAt;
}
