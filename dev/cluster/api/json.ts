// Reading untyped JSON without trusting it: each reader answers an empty value where the shape is another one.

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** A text, number or boolean as text; empty for everything else. */
export function scalar(value: unknown): string {
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isScalar ? String(value) : '';
}

/** The value at a path of field names: `at(pod, 'status', 'phase')`. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((inner, field) => fields(inner)[field], value);
}

/** The field as the only entry of an object, or nothing where it has no value: for spreading. */
export function optional<K extends string, V>(field: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [field]: value } as { readonly [key in K]: V });
}
