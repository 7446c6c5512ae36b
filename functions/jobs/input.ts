// What a caller sends, by its schema: every fault of it in one answer.
import type * as z from 'zod';
import { describePath } from '../../lib/config/load';
import { AppError } from '../../lib/errors';

export function parseInput<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidInput(parsed.error.issues.map(({ path, message }) => `${describePath(path)}: ${message}`).join('; '));
}

export function invalidInput(detail: string): AppError {
  return new AppError('invalid_input', 422, detail);
}
