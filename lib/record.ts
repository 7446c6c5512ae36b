// The one check that turns unknown JSON or YAML into a map that can be looked into.

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
