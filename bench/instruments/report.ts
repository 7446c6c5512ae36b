// Findings as a table for people.
import { isWithinLimit, judged, type Finding, type Limit } from './measurement';
import type { Figure, Ratio } from './statistics';

const HEADINGS = ['name', 'ours (p10..p90)', 'floor or peer (p10..p90)', 'ratio (min..max)', 'limit', 'ok'];

export function toTable(findings: readonly Finding[]): string {
  const rows = [HEADINGS, ...findings.map(toRow)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | '));
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join(' | '));
  return lines.join('\n');
}

/** What each side did, below the table. */
export function toNotes(findings: readonly Finding[]): string {
  return findings.flatMap(({ name, note }) => (note === undefined ? [] : [`${name}: ${note}`])).join('\n');
}

function toRow(finding: Finding): readonly string[] {
  const { name, ours, floor, ratio, limit } = finding;
  const verdict = isWithinLimit(finding) ? 'ok' : 'missed';
  return [
    name,
    figure(ours),
    floor ? figure(floor) : '-',
    ratio ? spread(ratio) : '-',
    describe(limit, finding),
    verdict,
  ];
}

function figure({ unit, median, p10, p90, samples }: Figure): string {
  if (unit === 'requests' || unit === 'lines') return `${median} ${unit}`;
  const noise = samples > 1 ? ` (${decimal(p10)}..${decimal(p90)})` : '';
  return `${decimal(median)} ${unit}${noise}`;
}

function spread({ median, min, max }: Ratio): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}..${max.toFixed(2)})`;
}

function describe({ of, atMost }: Limit, finding: Finding): string {
  const { unit } = finding.ours;
  if (of === 'ratio') return `<= ${atMost}`;
  return of === 'ours' ? `<= ${atMost} ${unit}` : `<= ${atMost} ${unit} more (${decimal(judged(finding))})`;
}

function decimal(value: number): string {
  return value.toFixed(Math.abs(value) < 100 ? 1 : 0);
}
