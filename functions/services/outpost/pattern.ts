// An operator's pattern for the names of hubs and users: a regular expression, else a shell glob, else the text itself.
import * as z from 'zod';
import { AppError } from '../../../lib/errors';
import { globMatcher, isGlob } from '../../../lib/glob';

/** What is longer is refused: the time that an expression takes may grow with a power of the length. */
const MAX_VALUE_LENGTH = 256;
/** A group without groups in it, perhaps repeated. */
const INNERMOST_GROUP = /\((?:\?[:=!])?([^()]*)\)([*+]|\{\d+,\d*\})?/;
const REPEATS_OR_CHOOSES = /[*+?|]|\{\d+,\d*\}/;
/** The steps that an expression may take grow with the length of the value to the power of its repetitions. */
const MOST_REPETITIONS = 4;
/** Python's way to write flags. */
const FLAGS = /^\(\?([is]+)\)/;

export const pattern = z
  .string()
  .min(1)
  .refine(
    (text) => !isEndless(text),
    'repeats a group that repeats or chooses, or repeats too often, which may take for ever',
  )
  .refine((text) => expressionOf(text) !== undefined || !text.includes('(?'), 'is not a regular expression');

export function matchesPattern(text: string, value: string): boolean {
  if (value.length > MAX_VALUE_LENGTH) {
    throw new AppError('value_too_long', 422, `A value to match is longer than ${MAX_VALUE_LENGTH} characters.`);
  }
  return expressionOf(text)?.test(value) === true || (isGlob(text) && globMatcher([text])(value)) || text === value;
}

/** Groups are looked at from the inside to the outside; one that was looked at stands as what it does. */
function isEndless(text: string): boolean {
  let rest = text.replaceAll(/\\./g, 'x').replaceAll(/\[[^\]]*\]/g, 'x');
  if ((rest.match(/[*+]|\{\d+,\d*\}/g) ?? []).length > MOST_REPETITIONS) return true;
  for (let group = INNERMOST_GROUP.exec(rest); group !== null; group = INNERMOST_GROUP.exec(rest)) {
    const [whole, inside = '', repetition] = group;
    const isVaried = REPEATS_OR_CHOOSES.test(inside);
    if (isVaried && repetition !== undefined) return true;
    rest = rest.replace(whole, isVaried || repetition !== undefined ? 'x+' : 'x');
  }
  return false;
}

function expressionOf(text: string): RegExp | undefined {
  const [prefix = '', flags = ''] = FLAGS.exec(text) ?? [];
  try {
    return new RegExp(`^(?:${text.slice(prefix.length)})$`, flags);
  } catch {
    return undefined; // A glob like `*@example.org`, or a plain text.
  }
}
