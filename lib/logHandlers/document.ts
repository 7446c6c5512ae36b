// Every handler's configuration, in the one ConfigMap that all functions watch; and what of it holds at a moment. Pure.
import * as z from 'zod';
import { LABELS, MANAGED_BY } from '../labels';
import type { KubeObject } from '../kube/objects';
import type { ObjectRef } from '../kube/resources';
import { DEFAULTS, HANDLERS, type Configuration, type HandlerName } from './settings';

/** Fixed: roles name it. */
export const DOCUMENT_NAME = 'hub-functions-log-handlers';
export const DOCUMENT_KIND = 'log-handlers';
export const HANDLERS_KEY = 'handlers.json';

const settings = z.record(z.string(), z.unknown()).nullable();

/** `null`: the handler was deleted. Absent: the function's own default, which only `stream` has. */
const stored = z.object({
  configuration: settings,
  /** Of a handler that expires: what it is from then on; absent: nothing was stored. */
  before: settings.optional(),
});

const documentSchema = z.partialRecord(z.enum(HANDLERS), stored);

export type Stored = z.infer<typeof stored>;
export type Handlers = Readonly<Partial<Record<HandlerName, Stored>>>;

export const NO_HANDLERS: Handlers = {};

export function documentRef(namespace: string): ObjectRef {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: DOCUMENT_NAME };
}

export function documentLabels(): Readonly<Record<string, string>> {
  return { [LABELS.managedBy]: MANAGED_BY, [LABELS.kind]: DOCUMENT_KIND };
}

/** Throws where somebody has written by hand what is no document. */
export function readHandlers(object: KubeObject | undefined): Handlers {
  const data = (object?.['data'] ?? {}) as Readonly<Record<string, string>>;
  const text = data[HANDLERS_KEY];
  return text === undefined ? NO_HANDLERS : documentSchema.parse(JSON.parse(text));
}

/** What holds now: handlers that have expired are what they were before. */
export function settled(handlers: Handlers, now: Date): Handlers {
  const entries = HANDLERS.flatMap((name) => {
    const entry = handlers[name];
    const held = entry && settledEntry(entry, now);
    return held === undefined ? [] : [[name, held] as const];
  });
  return Object.fromEntries(entries);
}

function settledEntry(entry: Stored, now: Date): Stored | undefined {
  if (expiryOf(entry) > now.getTime()) return entry;
  return entry.before === undefined ? undefined : { configuration: entry.before };
}

/** Infinity when it does not expire. */
export function expiryOf({ configuration }: Stored): number {
  const { expires } = configuration ?? {};
  return typeof expires === 'string' ? Date.parse(expires) : Infinity;
}

/** What a caller sees of settled handlers, in the order of the contract's list: `stream` is there unless it was deleted. */
export function visible(handlers: Handlers): readonly (readonly [HandlerName, Configuration])[] {
  return HANDLERS.flatMap((name) => {
    const shown = configurationOf(handlers, name);
    return shown === undefined ? [] : [[name, shown] as const];
  });
}

export function configurationOf(handlers: Handlers, name: HandlerName): Configuration | undefined {
  const entry = handlers[name];
  if (entry !== undefined) return entry.configuration ?? undefined;
  return name === 'stream' ? DEFAULTS.stream : undefined;
}
