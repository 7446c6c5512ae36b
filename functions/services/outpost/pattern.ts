// An operator's pattern for the names of hubs and users: a regular expression, else a shell glob, else the text itself.
import * as z from 'zod';
import { AppError } from '../../../lib/errors';
import { globMatcher, isGlob } from '../../../lib/glob';

/** What is longer is refused: the time that an expression takes may grow with a power of the length. */
const MAX_VALUE_LENGTH = 256;
/** Repeats a group that repeats or chooses: such an expression may take longer than anyone lives. */
const REPEATED_GROUP = /\((?:[^()\\]|\\.)*(?:[*+|]|\{\d+,\d*\})(?:[^()\\]|\\.)*\)(?:[*+]|\{\d+,\d*\})/;
/** Python's way to write flags. */
const FLAGS = /^\(\?([is]+)\)/;

export const pattern = z
  .string()
  .min(1)
  .refine((text) => !REPEATED_GROUP.test(text), 'repeats a group that repeats or chooses, which may take for ever')
  .refine((text) => expressionOf(text) !== undefined || !text.includes('(?'), 'is not a regular expression');

export function matchesPattern(text: string, value: string): boolean {
  if (value.length > MAX_VALUE_LENGTH) {
    throw new AppError('value_too_long', 422, `A value to match is longer than ${MAX_VALUE_LENGTH} characters.`);
  }
  return expressionOf(text)?.test(value) === true || (isGlob(text) && globMatcher([text])(value)) || text === value;
}

function expressionOf(text: string): RegExp | undefined {
  const [prefix = '', flags = ''] = FLAGS.exec(text) ?? [];
  try {
    return new RegExp(`^(?:${text.slice(prefix.length)})$`, flags);
  } catch {
    return undefined; // A glob like `*@example.org`, or a plain text.
  }
}
