// Deeply frozen copies, so that nobody changes a stored object by accident; parts frozen before are shared, not copied.

const frozen = new WeakSet<object>();

export function frozenCopy<T>(value: T): T {
  return freeze(value) as T;
}

function freeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || frozen.has(value)) return value;
  const copy = Array.isArray(value) ? value.map(freeze) : freezeFields(value);
  frozen.add(Object.freeze(copy));
  return copy;
}

/** Leaves out `undefined`, which JSON does not know. */
function freezeFields(value: object): object {
  if (Object.hasOwn(value, '__proto__')) return freezeOddFields(value);
  const copy: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    if (field !== undefined) copy[key] = freeze(field);
  }
  return copy;
}

/** Slower, but `__proto__` stays a plain field. */
function freezeOddFields(value: object): object {
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([key, field]) => [key, freeze(field)]));
}
