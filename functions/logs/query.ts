// What a caller asks for behind the question mark, by its schema: every fault of it in one answer.
import type * as z from 'zod';
import { describePath } from '../../lib/config/load';
import { AppError } from '../../lib/errors';

export function parseQuery<T extends z.ZodType>(schema: T, query: URLSearchParams): z.infer<T> {
  const parsed = schema.safeParse(Object.fromEntries(query));
  if (parsed.success) return parsed.data;
  const body: Record<string, string[]> = {};
  for (const { path, message } of parsed.error.issues) (body[describePath(path)] ??= []).push(message);
  throw new AppError('invalid_input', 400, 'The request is not valid.', { body });
}
