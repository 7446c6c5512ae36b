// Turns an environment or a parsed file into settings, or fails with every fault listed at once.
import type * as z from 'zod';

/** Thrown at start; `message` lists each fault with its place, never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Parses `input` by `schema`; `source` is what the operator calls it: `environment`, `config.json`. */
export function loadConfig<Schema extends z.ZodType>(schema: Schema, input: unknown, source: string): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `  ${describePath(path)}: ${message}`);
  throw new ConfigError(`${source} is not usable:\n${faults.join('\n')}`);
}

export function describePath(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`));
  return steps.join('').replace(/^\./, '') || '(all of it)';
}
