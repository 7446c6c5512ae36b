// Spans of time in the short words of kubectl: 45s, 5m30s, 3h12m, 12d.

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const YEAR = 365 * DAY;

/** The first row whose bound the span is below says how it is told: in a unit, with the rest in a smaller one. */
const SCALE = [
  { below: 2 * MINUTE, unit: 1, letter: 's' },
  { below: 10 * MINUTE, unit: MINUTE, letter: 'm', rest: 1, restLetter: 's' },
  { below: 3 * HOUR, unit: MINUTE, letter: 'm' },
  { below: 8 * HOUR, unit: HOUR, letter: 'h', rest: MINUTE, restLetter: 'm' },
  { below: 2 * DAY, unit: HOUR, letter: 'h' },
  { below: 8 * DAY, unit: DAY, letter: 'd', rest: HOUR, restLetter: 'h' },
  { below: 2 * YEAR, unit: DAY, letter: 'd' },
  { below: 8 * YEAR, unit: YEAR, letter: 'y', rest: DAY, restLetter: 'd' },
  { below: Infinity, unit: YEAR, letter: 'y' },
];

export function shortDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < -1) return '<invalid>';
  const row = SCALE.find(({ below }) => seconds < below);
  if (seconds < 0 || row === undefined) return '0s';
  const rest = row.rest === undefined ? 0 : Math.floor((seconds % row.unit) / row.rest);
  return `${Math.floor(seconds / row.unit)}${row.letter}${rest === 0 ? '' : `${rest}${row.restLetter}`}`;
}

export function ageOf(timestamp: unknown, now: Date): string {
  return typeof timestamp === 'string' ? shortDuration(now.getTime() - Date.parse(timestamp)) : '<unknown>';
}
