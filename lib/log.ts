// One JSON line per event on standard output; secrets are masked by the name of their key, and logging never throws.
import { createStdoutWriter } from './stdout';

export type Level = 'debug' | 'info' | 'warn' | 'error';
export type Fields = Readonly<Record<string, unknown>>;
type Write = (line: string) => void;

/** A constant lower-case message plus fields; a field named like a secret is masked at any depth. */
export interface Log {
  readonly debug: (message: string, fields?: Fields) => void;
  readonly info: (message: string, fields?: Fields) => void;
  readonly warn: (message: string, fields?: Fields) => void;
  readonly error: (message: string, fields?: Fields) => void;
  /** A log that adds these fields to each of its lines. */
  readonly child: (fields: Fields) => Log;
}

export interface LogOptions {
  readonly level: Level;
  /** Name of the function. */
  readonly name: string;
  readonly write?: Write;
}

interface Sink {
  readonly threshold: number;
  readonly name: string;
  readonly write: Write;
}

const SEVERITY: Readonly<Record<Level, number>> = { debug: 10, info: 20, warn: 30, error: 40 };
const SECRET_KEY =
  /(token|password|passwd|passphrase|secret|authorization|cookie|api[-_]?key|private[-_]?key|certs|string_?data)s?$/i;
const MAX_DEPTH = 8;

export function createLog({ level, name, write = createStdoutWriter() }: LogOptions): Log {
  return logWith({ threshold: SEVERITY[level], name, write }, {});
}

function logWith(sink: Sink, bound: Fields): Log {
  const at =
    (level: Level) =>
    (message: string, fields: Fields = {}): void => {
      if (SEVERITY[level] < sink.threshold) return;
      const head = { time: new Date().toISOString(), level, function: sink.name, message };
      quietly(() => sink.write(`${toLine(head, bound, fields)}\n`));
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => logWith(sink, { ...bound, ...fields }),
  };
}

/** The head comes first and wins over a field of the same name. */
function toLine(head: Fields, ...others: readonly Fields[]): string {
  try {
    const line: Record<string, unknown> = {};
    for (const fields of [head, ...others]) maskInto(line, fields, []);
    return JSON.stringify(Object.assign(line, head));
  } catch (error) {
    return JSON.stringify({ ...head, unloggable: String(error) });
  }
}

function mask(fields: object, parents: readonly object[]): Fields {
  return maskInto({}, fields, parents);
}

function maskInto(target: Record<string, unknown>, fields: object, parents: readonly object[]): Fields {
  for (const [key, value] of Object.entries(fields)) {
    target[key] = SECRET_KEY.test(key) ? '***' : plain(value, parents);
  }
  return target;
}

function plain(value: unknown, parents: readonly object[]): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date || value instanceof URL) return value.toJSON();
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (parents.includes(value)) return '[circular]';
  if (parents.length >= MAX_DEPTH) return '[deep]';
  return nested(value, [...parents, value]);
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

function quietly(write: () => void): void {
  try {
    write();
  } catch {
    // Nowhere is left to say that standard output is gone, and a request must not fail for it.
  }
}
