// Every route of a function: its own, and those that each function has (probes, events, metrics, OpenAPI).
import { createRuntime, eventRoute, isEvent, metricsRoute } from './events';
import { probes, type ProbeOptions } from './probes';
import type { OnEvent, Route } from './route';
import { createRouter, type Match } from './router';

export interface TableOptions extends ProbeOptions {
  readonly name: string;
  readonly routes: readonly Route[];
  readonly onEvent?: OnEvent | undefined;
  readonly metrics?: (() => string) | undefined;
  readonly bodyLimitBytes: number;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type Table = (call: Call) => Match | undefined;

/** `POST /` may be an API route and the place for events at once: what looks like an event is one. */
export function createTable(options: TableOptions): Table {
  const { routes, onEvent, metrics, bodyLimitBytes } = options;
  const runtime = createRuntime(onEvent, bodyLimitBytes);
  const events = onEvent ? [eventRoute(runtime)] : [];
  const isTaken = routes.some(({ method, path }) => method === 'POST' && path === '/');
  const forEveryone = [...probes(options), metricsRoute(runtime, metrics), openapiRoute(options)];
  const findRoute = createRouter([...routes, ...forEveryone, ...(isTaken ? [] : events)]);
  const findEvent = createRouter(events);
  return ({ method, path, headers }) => (isEvent(method, headers) && findEvent(path)) || findRoute(path);
}

function openapiRoute({ name, routes }: TableOptions): Route {
  return {
    method: 'GET',
    path: '/openapi.json',
    access: 'open',
    produces: 'application/json',
    summary: 'This API as OpenAPI',
    handle: async () => {
      const { openapi } = await import('./openapi');
      return { status: 200, body: openapi(name, routes) };
    },
  };
}
