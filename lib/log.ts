// A function's log: records of an event and its fields. Each is one JSON line on standard output until log handlers say otherwise; logging never throws.
import { masked, type Fields } from './masked';
import { createStdoutWriter } from './stdout';

export type { Fields } from './masked';
export type Level = 'debug' | 'info' | 'warn' | 'error';
type Write = (line: string) => void;
type Tell = (message: string, fields?: Fields) => void;

/** A constant lower-case message plus fields; a field named like a secret is masked at any depth. */
export interface Log {
  readonly debug: Tell;
  readonly info: Tell;
  readonly warn: Tell;
  readonly error: Tell;
  /** A log that adds these fields to each of its lines. */
  readonly child: (fields: Fields) => Log;
}

/** One event as every handler gets it: masked, and plain JSON. */
export interface LogRecord {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly levelno: number;
  readonly message: string;
  readonly extras: Fields;
}

/** Where records go. */
export interface Route {
  /** Records below are not even made. */
  readonly floor: number;
  readonly take: (record: LogRecord) => void;
}

/** The log that a function is started with. */
export interface FunctionLog extends Log {
  /** Levels that only a test of handlers uses. */
  readonly trace: Tell;
  readonly critical: Tell;
  /** Name of the function. */
  readonly name: string;
  /** Our JSON lines at LOG_LEVEL. */
  readonly standard: Route;
  /** From now on. */
  readonly redirect: (route: Route) => void;
}

export interface LogOptions {
  readonly level: Level;
  /** Name of the function. */
  readonly name: string;
  readonly write?: Write;
}

/** Numbers as Python's logging has them. */
export const SEVERITY = { trace: 5, debug: 10, info: 20, warn: 30, error: 40, critical: 50 } as const;
type Severity = keyof typeof SEVERITY;

const NAMES = new Map<number, string>(Object.entries(SEVERITY).map(([name, levelno]) => [levelno, name]));

interface Sink {
  route: Route;
}

export function createLog({ level, name, write = createStdoutWriter() }: LogOptions): FunctionLog {
  const standard: Route = {
    floor: SEVERITY[level],
    take: (record) => write(`${standardLine(name, record)}\n`),
  };
  const sink: Sink = { route: standard };
  return {
    ...logInto(sink, {}),
    trace: teller(sink, {}, 'trace'),
    critical: teller(sink, {}, 'critical'),
    name,
    standard,
    redirect: (route) => {
      sink.route = route;
    },
  };
}

function logInto(sink: Sink, bound: Fields): Log {
  return {
    debug: teller(sink, bound, 'debug'),
    info: teller(sink, bound, 'info'),
    warn: teller(sink, bound, 'warn'),
    error: teller(sink, bound, 'error'),
    child: (fields) => logInto(sink, { ...bound, ...fields }),
  };
}

function teller(sink: Sink, bound: Fields, severity: Severity): Tell {
  const levelno = SEVERITY[severity];
  return (message, fields = {}) => {
    const { floor, take } = sink.route;
    if (levelno < floor) return;
    quietly(() => take({ time: Date.now(), levelno, message, extras: masked(bound, fields) }));
  };
}

/** The head comes first and wins over a field of the same name. */
function standardLine(name: string, { time, levelno, message, extras }: LogRecord): string {
  const head = { time: new Date(time).toISOString(), level: NAMES.get(levelno), function: name, message };
  return JSON.stringify({ ...head, ...extras, ...head });
}

function quietly(write: () => void): void {
  try {
    write();
  } catch {
    // Nowhere is left to say that standard output is gone, and a request must not fail for it.
  }
}
