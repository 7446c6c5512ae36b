// How submitted jobs are named and labelled: by what the user calls the work, and a counter. Pure.
import { hashedLabel, MAX_LABEL_LENGTH } from '../../lib/naming';

export const APP = 'submission-helper';

/** Room that a job's name of 53 characters leaves beside `shj-` and `-99999`. */
const MAX_SLUG = 43;
const COUNTER_DIGITS = 5;
const LABEL_VALUE = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** `shj-<identifier>-<counter>`, lower-cased, illegal characters as dashes; what is too long ends with a hash. */
export function jobName(identifier: string, counter: number): string {
  return `shj-${slugOf(identifier)}-${String(counter).padStart(COUNTER_DIGITS, '0')}`;
}

/** Undefined for a name that is not of this identifier. */
export function counterOf(identifier: string, name: string): number | undefined {
  const prefix = `shj-${slugOf(identifier)}-`;
  const rest = name.slice(prefix.length);
  return name.startsWith(prefix) && /^\d+$/.test(rest) ? Number(rest) : undefined;
}

/** Where a free counter is looked for: in ever larger steps, since what was reaped has kept its names. */
export function* countersAfter(used: readonly number[]): Generator<number> {
  const first = Math.max(0, ...used) + 1;
  for (let step = 1; first + step - 1 < 10 ** COUNTER_DIGITS; step *= 2) yield first + step - 1;
}

/** `text` itself where it is a value of a label, otherwise its legible part and a hash. */
export function labelValue(text: string): string {
  return text.length <= MAX_LABEL_LENGTH && LABEL_VALUE.test(text) ? text : hashedLabel(text, [text]);
}

function slugOf(identifier: string): string {
  const slug = identifier
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return slug !== '' && slug.length <= MAX_SLUG ? slug : hashedLabel(identifier, [identifier], MAX_SLUG);
}
