// What a log handler may be told, its defaults, and the first fault of a configuration in the contract's words. Pure.
import { isRecord } from '../record';
import { LEVELS } from './levels';
import { pythonList, pythonText, pythonType } from './python';

export const HANDLERS = ['stream', 'file', 'smtp', 'syslog'] as const;
export type HandlerName = (typeof HANDLERS)[number];

export const FORMATTERS = ['simple', 'json'] as const;
export type Formatter = (typeof FORMATTERS)[number];

const STREAMS = ['ext://sys.stdout', 'ext://sys.stderr'];
const SOCKTYPES = ['ext://socket.SOCK_STREAM', 'ext://socket.SOCK_DGRAM'];
const WHEN = ['s', 'm', 'h', 'd', 'w0', 'w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'midnight'];

interface Common {
  readonly level: number | string;
  readonly formatter: Formatter;
  /** ISO time; from then on the handler is what it was before. */
  readonly expires?: string;
  /** Names of functions; all of them when absent. */
  readonly functions?: readonly string[];
}

export interface StreamSettings extends Common {
  readonly stream: string;
}

export interface FileSettings extends Common {
  readonly filename: string;
  readonly when: string;
  readonly backupCount: number;
}

export interface SmtpSettings extends Common {
  /** `mail.example.org`, `mail.example.org:587`, or `smtps://mail.example.org`. */
  readonly mailhost: string;
  readonly fromaddr: string;
  readonly toaddrs: readonly string[];
  readonly subject: string;
}

export interface SyslogSettings extends Common {
  readonly address: readonly [host: string, port: number];
  readonly socktype: string;
}

export interface SettingsOf {
  readonly stream: StreamSettings;
  readonly file: FileSettings;
  readonly smtp: SmtpSettings;
  readonly syslog: SyslogSettings;
}

/** A configuration as it is stored and answered: keys in the order in which they came. */
export type Configuration = Readonly<Record<string, unknown>>;

export const DEFAULTS: Readonly<Record<HandlerName, Configuration>> = {
  stream: { formatter: 'simple', level: 10, stream: 'ext://sys.stdout' },
  file: { formatter: 'simple', level: 10, filename: '/tmp/file.log', when: 'midnight', backupCount: 7 },
  smtp: { formatter: 'simple', level: 10, mailhost: '', fromaddr: '', toaddrs: [], subject: '' },
  syslog: { formatter: 'json', level: 10, address: ['127.0.0.1', 514], socktype: 'ext://socket.SOCK_STREAM' },
};

const MOST_CHARACTERS = 500;
const MOST_ENTRIES = 50;

type Check = (value: unknown, key: string) => string | undefined;

const oneOf =
  (values: readonly unknown[], what: string, normal: (value: unknown) => unknown = (value) => value): Check =>
  (value) =>
    values.includes(normal(value))
      ? undefined
      : `Unsupported ${what}: ${pythonText(value)}. Supported ${what}s: ${pythonList(values)}`;

const ofType =
  (type: string): Check =>
  (value, key) =>
    pythonType(value) === type
      ? undefined
      : `${key} in configuration must be of type [<class '${type}'>] not <class '${pythonType(value)}'>`;

const lowerCased = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

const both =
  (first: Check, second: Check): Check =>
  (value, key) =>
    first(value, key) ?? second(value, key);

const addresses: Check = (value, key) => {
  const isList = Array.isArray(value) && value.every((each) => typeof each === 'string' && isAddress(each));
  return isList ? undefined : `${key} in configuration must be a list of mail addresses`;
};

/** No line break, which would begin another header. All handlers, and many of their changes, have to fit into one ConfigMap. */
const oneLine: Check = (value, key) => {
  const text = String(value);
  if (/[\r\n\0]/.test(text)) return `${key} in configuration must be one line`;
  return text.length <= MOST_CHARACTERS
    ? undefined
    : `${key} in configuration must have at most ${MOST_CHARACTERS} characters`;
};

const fewEnough: Check = (value, key) =>
  Array.isArray(value) && value.length > MOST_ENTRIES
    ? `${key} in configuration must have at most ${MOST_ENTRIES} entries`
    : undefined;

const hostAndPort: Check = (value, key) => {
  const [host, port, ...rest] = value as readonly unknown[];
  const isPort = Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536;
  const isHost = typeof host === 'string' && /^[A-Za-z0-9._:-]{1,253}$/.test(host);
  return isHost && isPort && rest.length === 0 ? undefined : `${key} in configuration must be a list of host and port`;
};

const count: Check = (value, key) =>
  Number(value) >= 0 && Number(value) <= 10_000 ? undefined : `${key} in configuration must be from 0 to 10000`;

const path: Check = (value, key) => {
  const text = String(value);
  const isPath = text.startsWith('/') && !text.endsWith('/') && !/[\0\r\n]|\/\/|\/\.\.?(\/|$)/.test(text);
  return isPath && text.length <= 1_000 ? undefined : `${key} in configuration must be an absolute path without ".."`;
};

const names: Check = (value, key) => {
  const isList = Array.isArray(value) && value.length > 0;
  const areNames = isList && value.every((each) => typeof each === 'string' && /^[a-z][a-z0-9-]{0,62}$/.test(each));
  return areNames ? undefined : `${key} in configuration must be a list of names of functions`;
};

const time: Check = (value, key) =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? undefined : `${key} in configuration must be a time`;

const COMMON: Readonly<Record<string, Check>> = {
  formatter: oneOf(FORMATTERS, 'formatter'),
  level: oneOf(LEVELS, 'level'),
};

const OWN: Readonly<Record<HandlerName, Readonly<Record<string, Check>>>> = {
  stream: { stream: oneOf(STREAMS, 'stream') },
  file: {
    filename: both(ofType('str'), path),
    when: oneOf(WHEN, 'when', lowerCased),
    backupCount: both(ofType('int'), count),
  },
  smtp: {
    mailhost: both(ofType('str'), oneLine),
    fromaddr: both(ofType('str'), oneLine),
    toaddrs: both(ofType('list'), both(addresses, fewEnough)),
    subject: both(ofType('str'), oneLine),
  },
  syslog: { address: both(ofType('list'), hostAndPort), socktype: oneOf(SOCKTYPES, 'socktype') },
};

/** Ours, beside the contract's. */
const OPTIONAL: Readonly<Record<string, Check>> = { expires: time, functions: both(names, fewEnough) };

export function isHandlerName(name: unknown): name is HandlerName {
  return (HANDLERS as readonly unknown[]).includes(name);
}

export const handlerProblem: (name: unknown) => string | undefined = (name) => oneOf(HANDLERS, 'handler')(name, '');

export function dictProblem(configuration: unknown): string | undefined {
  if (isRecord(configuration)) return undefined;
  return `Configuration must be of type dict not <class '${pythonType(configuration)}'>`;
}

/** What is wrong with a complete configuration; the first fault only, as the contract has it. */
export function configurationProblem(handler: HandlerName, configuration: Configuration): string | undefined {
  const required = { ...COMMON, ...OWN[handler] };
  const known = { ...required, ...OPTIONAL };
  const stranger = Object.keys(configuration).find((key) => !Object.hasOwn(known, key));
  for (const [key, check] of Object.entries(known)) {
    if (!Object.hasOwn(configuration, key) && !Object.hasOwn(required, key)) continue;
    const problem = check(configuration[key], key);
    if (problem !== undefined) return problem;
  }
  if (stranger === undefined) return undefined;
  return `Unknown key in configuration: ${stranger}. Keys of ${handler}: ${Object.keys(known).join(', ')}`;
}

function isAddress(text: string): boolean {
  return /^[^\s<>,;]+@[^\s<>,;]+$/.test(text) && text.length <= 320;
}
