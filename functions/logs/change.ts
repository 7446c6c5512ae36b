// What becomes of the handlers when somebody changes one: the contract's merge rules, and ours for what expires. Pure.
import { AppError } from '../../lib/errors';
import { configurationOf, expiryOf, settled, type Handlers, type Stored } from '../../lib/logHandlers/document';
import {
  configurationProblem,
  DEFAULTS,
  dictProblem,
  handlerProblem,
  type Configuration,
  type HandlerName,
} from '../../lib/logHandlers/settings';
import { pythonType } from '../../lib/logHandlers/python';
import { isRecord } from '../../lib/record';
import { expiryTime } from './expiry';
import { reachProblem, type Reach } from './reach';

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Wish {
  readonly method: Method;
  readonly handler: HandlerName;
  /** As it came; of DELETE undefined. */
  readonly configuration?: Readonly<Record<string, unknown>>;
}

export interface Rules {
  readonly reach: Reach;
  readonly now: Date;
}

export interface Changed {
  readonly handlers: Handlers;
  readonly before: Configuration | undefined;
  readonly after: Configuration | undefined;
}

/** `named` is the handler of the path. */
export function parseWish(method: Method, body: unknown, named?: string): Wish {
  if (!isRecord(body)) throw notADictionary(body);
  const { handler = named, configuration = {} } = body;
  if (handler === undefined) throw refused('Missing key in input data: handler');
  const problem = handlerProblem(handler) ?? dictProblem(configuration);
  if (problem !== undefined) throw refused(problem);
  const wish = { method, handler: handler as HandlerName, configuration: configuration as Configuration };
  if (named === undefined || wish.handler === named) return wish;
  throw refused(`The handler of the path is ${named}, the handler of the body is ${wish.handler}`);
}

function notADictionary(body: unknown): AppError {
  const message = `Invalid data. Expected a dictionary, but got ${pythonType(body)}.`;
  return new AppError('invalid_input', 400, message, { body: { non_field_errors: [message] } });
}

/** Throws what keeps a change from being made. */
export function change(stored: Handlers, wish: Wish, { reach, now }: Rules): Changed {
  const { method, handler } = wish;
  const handlers = settled(stored, now);
  const before = configurationOf(handlers, handler);
  if (method === 'POST' && before !== undefined) throw taken();
  if (method !== 'POST' && before === undefined) throw notFound();
  if (method === 'DELETE') return { handlers: without(handlers, handler), before, after: undefined };
  const base = method === 'PATCH' ? before : DEFAULTS[handler];
  const after = withExpiry({ ...base, ...wish.configuration }, now);
  const problem = configurationProblem(handler, after) ?? reachProblem(handler, after, reach);
  if (problem !== undefined) throw refused(problem);
  return { handlers: { ...handlers, [handler]: entryOf(handlers[handler], after) }, before, after };
}

export function notFound(): AppError {
  return new AppError('not_found', 404, 'Not found.');
}

/** Only `stream` is there by itself, so only its end must be remembered. */
function without(handlers: Handlers, handler: HandlerName): Handlers {
  const { [handler]: _gone, ...others } = handlers;
  return handler === 'stream' ? { ...others, stream: { configuration: null } } : others;
}

/** What expires takes back what was there for good before. */
function entryOf(known: Stored | undefined, configuration: Configuration): Stored {
  const entry = { configuration: { ...configuration } };
  if (expiryOf(entry) === Infinity || known === undefined) return entry;
  const before = expiryOf(known) === Infinity ? known.configuration : known.before;
  return before === undefined ? entry : { ...entry, before };
}

/** Ours may be taken back by `null`; the contract's keys cannot. */
function withExpiry(configuration: Configuration, now: Date): Configuration {
  const { expires, functions, ...rest } = configuration;
  const time = expires === undefined || expires === null ? undefined : expiryTime(expires, now);
  if (typeof time === 'string') throw refused(time);
  return {
    ...rest,
    ...(time !== undefined && { expires: time.toISOString() }),
    ...(functions !== undefined && functions !== null && { functions }),
  };
}

function taken(): AppError {
  const message = 'handler model with this handler already exists.';
  return new AppError('handler_exists', 400, message, { body: { handler: [message] } });
}

function refused(message: string): AppError {
  return new AppError('invalid_handler', 400, message, { body: [message] });
}
