// Values and types as the original's texts spell them: Python's. Pure.

export function pythonType(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return 'dict';
}

/** `str()`. */
export function pythonText(value: unknown): string {
  return typeof value === 'string' ? value : pythonRepr(value);
}

export function pythonList(values: readonly unknown[]): string {
  return `[${values.map(pythonRepr).join(', ')}]`;
}

/** `repr()` of what JSON can hold. */
function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return value.includes("'") && !value.includes('"') ? `"${value}"` : quoted(value);
  if (Array.isArray(value)) return pythonList(value);
  if (typeof value !== 'object') return `${value as number}`;
  const entries = Object.entries(value).map(([key, each]) => `${pythonRepr(key)}: ${pythonRepr(each)}`);
  return `{${entries.join(', ')}}`;
}

function quoted(text: string): string {
  return `'${text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", String.raw`\'`)
    .replaceAll('\n', String.raw`\n`)}'`;
}
