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

/** Leaves out `undefined`, which JSON does not know; `__proto__` stays a plain field. */
function freezeFields(value: object): object {
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([key, field]) => [key, freeze(field)]));
}
