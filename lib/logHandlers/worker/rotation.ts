// When a log file begins anew, and what the old one is called then: as Python's TimedRotatingFileHandler has it, in local time. Pure.
import { twoDigits } from '../formats';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
/** How much of `2026-11-29_02-50-18` tells two files apart. */
const NAME_LENGTHS: Readonly<Record<string, number>> = { s: 19, m: 16, h: 13 };
const DAY = 10;

/** The moment, in milliseconds, from which on a record belongs to the next file. */
export function rolloverAfter(when: string, time: number): number {
  const unit = SECONDS[when.toLowerCase()];
  if (unit !== undefined) return time + unit * 1000;
  const date = new Date(time);
  return midnight(date, 1 + daysToWait(when, date));
}

/** Suffix of the file that ends at a rollover: the time at which it began. */
export function suffixBefore(when: string, rollover: number): string {
  const name = when.toLowerCase();
  const unit = SECONDS[name];
  const began = unit === undefined ? midnight(new Date(rollover), isWeekly(name) ? -7 : -1) : rollover - unit * 1000;
  return stamp(new Date(began)).slice(0, NAME_LENGTHS[name] ?? DAY);
}

/** `w0` is Monday; the file ends with that day. */
function daysToWait(when: string, date: Date): number {
  const name = when.toLowerCase();
  if (!isWeekly(name)) return 0;
  const today = (date.getDay() + 6) % 7;
  return (Number(name.slice(1)) - today + 7) % 7;
}

function isWeekly(name: string): boolean {
  return name.startsWith('w');
}

function midnight(date: Date, days: number): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

function stamp(date: Date): string {
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-');
  return `${day}_${[date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join('-')}`;
}
