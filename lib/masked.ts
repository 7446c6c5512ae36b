// What may be told of a value: plain JSON, with secrets masked by the name of their key at any depth, also inside of JSON in a string.

export type Fields = Readonly<Record<string, unknown>>;

/** Ends of names. */
const SECRETS = [
  'token|secret|authorization|cookie|credentials|auth[-_]?state|bearer|jwt|string_?data',
  'password|passwd|passphrase|passcode|[-_.]pass|pwd',
  '(api|access|private|secret|ssh|tls|ssl|client|server|signing|encryption|crypt)[-_.]?key|keyfile|id_(rsa|ecdsa|ed25519)',
  'cert|crt|pem|certificate|certfile|cafile|(key|certificate|authority)[-_]data|docker(cfg|configjson)',
];
const SECRET_KEY = new RegExp(`(${SECRETS.join('|')})s?$`, 'i');
const JSON_BEGINS = /^\s*[{[]/;
const MASK = '***';
const MAX_DEPTH = 8;
/** Names of keys are few; one who makes up more of them gets the expression each time. */
const MAX_KNOWN_KEYS = 2_000;

const knownKeys = new Map<string, boolean>();

export function isSecretKey(key: string): boolean {
  const known = knownKeys.get(key);
  if (known !== undefined) return known;
  const isSecret = SECRET_KEY.test(key);
  if (knownKeys.size < MAX_KNOWN_KEYS) knownKeys.set(key, isSecret);
  return isSecret;
}

/** Later fields win; never throws: what cannot be told is told to be so. */
export function masked(...all: readonly Fields[]): Record<string, unknown> {
  try {
    const told: Record<string, unknown> = {};
    for (const fields of all) maskInto(told, fields, []);
    return told;
  } catch (error) {
    return { unloggable: String(error) };
  }
}

function mask(fields: object, parents: readonly object[]): Fields {
  return maskInto({}, fields, parents);
}

function maskInto(target: Record<string, unknown>, fields: object, parents: readonly object[]): Fields {
  for (const [key, value] of Object.entries(fields)) {
    const isSecret = isSecretKey(key) || (key === 'value' && isNamedSecret(fields));
    target[key] = isSecret ? MASK : plain(value, parents);
  }
  return target;
}

/** Environments of containers are lists of `name` and `value`. */
function isNamedSecret(fields: { readonly name?: unknown }): boolean {
  return typeof fields.name === 'string' && isSecretKey(fields.name);
}

function plain(value: unknown, parents: readonly object[]): unknown {
  if (typeof value === 'string') return plainText(value, parents);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date || value instanceof URL) return value.toJSON();
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (parents.includes(value)) return '[circular]';
  if (parents.length >= MAX_DEPTH) return '[deep]';
  return nested(value, [...parents, value]);
}

/** Bodies and environments travel as JSON in a string; what is none stays as it is. */
function plainText(text: string, parents: readonly object[]): string {
  if (!JSON_BEGINS.test(text) || parents.length >= MAX_DEPTH) return text;
  try {
    const value: unknown = JSON.parse(text);
    const told = JSON.stringify(plain(value, parents));
    return told === JSON.stringify(value) ? text : told;
  } catch {
    return text;
  }
}

function nested(value: object, parents: readonly object[]): unknown {
  if (value instanceof Error) return mask(describe(value), parents);
  if (Array.isArray(value)) return value.map((item) => plain(item, parents));
  if (value instanceof Set) return [...value].map((item) => plain(item, parents));
  if (value instanceof Map) return mask(Object.fromEntries(value), parents);
  return mask(value, parents);
}

/** What helps of an error; foreign errors carry whole responses in their other properties. */
function describe(error: Error & { code?: unknown; details?: { fields?: unknown } }): object {
  const { name, message, stack, cause, code } = error;
  return { name, message, stack, cause, code, fields: error.details?.fields };
}
