// The routes of the K8s Manager's logging API: each handler only translates between HTTP and an operation.
import type { Request, Response } from '../../lib/http/message';
import { rootUrl } from '../../lib/http/rootUrl';
import type { Route } from '../../lib/http/route';
import { configurationOf, settled, visible } from '../../lib/logHandlers/document';
import { isHandlerName, type Configuration, type HandlerName } from '../../lib/logHandlers/settings';
import { masked } from '../../lib/masked';
import { change, notFound, parseWish, type Changed, type Wish } from './change';
import type { Context } from './context';
import { logTest, logTestQuery } from './logTest';
import { serviceLog, serviceLogQuery } from './serviceLog';
import { changeHandlers, changesOf, handlersOf, readDocument } from './store';

const ACCESS = { group: 'access_to_logging' } as const;
const OWNERS = { group: 'access_to_webservice' } as const;
const ROOT = '/api/logs';
const COLLECTION = `${ROOT}/handler`;
const ITEM = `${COLLECTION}/:handler`;

export function createRoutes(context: Context): readonly Route[] {
  return [index(), ...collectionRoutes(context), ...itemRoutes(context), ...otherRoutes(context)];
}

function index(): Route {
  return {
    method: 'GET',
    path: ROOT,
    access: 'open',
    summary: 'Index of the logging API',
    handle: async ({ headers }) => {
      const root = `${rootUrl(headers)}${ROOT}`;
      return { status: 200, body: { handler: `${root}/handler/`, logtest: `${root}/logtest/` } };
    },
  };
}

function collectionRoutes(context: Context): readonly Route[] {
  const collection = { path: COLLECTION, access: ACCESS } as const;
  return [
    {
      ...collection,
      method: 'GET',
      summary: 'The log handlers of all functions',
      handle: async (request) => {
        const handlers = settled(handlersOf(await readDocument(context, request)), context.clock());
        return { status: 200, body: visible(handlers).map(([name, shown]) => handlerObject(name, shown)) };
      },
    },
    {
      ...collection,
      method: 'POST',
      body: 'json',
      summary: 'Add a log handler',
      handle: async (request) => answer(201, await apply(context, parseWish('POST', request.body), request)),
    },
  ];
}

function itemRoutes(context: Context): readonly Route[] {
  const item = { path: ITEM, access: ACCESS } as const;
  const changed = async (method: 'PUT' | 'PATCH', request: Request): Promise<Response> => {
    return answer(200, await apply(context, parseWish(method, request.body, named(request)), request));
  };
  return [
    {
      ...item,
      method: 'GET',
      summary: 'A log handler',
      handle: async (request) => {
        const name = named(request);
        const handlers = settled(handlersOf(await readDocument(context, request)), context.clock());
        const shown = configurationOf(handlers, name);
        if (shown === undefined) throw notFound();
        return { status: 200, body: handlerObject(name, shown) };
      },
    },
    {
      ...item,
      method: 'PUT',
      body: 'json',
      summary: 'Replace what a log handler is told',
      handle: async (request) => changed('PUT', request),
    },
    {
      ...item,
      method: 'PATCH',
      body: 'json',
      summary: 'Change a part of what a log handler is told',
      handle: async (request) => changed('PATCH', request),
    },
    {
      ...item,
      method: 'DELETE',
      summary: 'Remove a log handler',
      handle: async (request) => {
        await apply(context, { method: 'DELETE', handler: named(request) }, request);
        return { status: 204 };
      },
    },
  ];
}

function otherRoutes(context: Context): readonly Route[] {
  return [
    {
      method: 'GET',
      path: `${ROOT}/logtest`,
      access: ACCESS,
      query: logTestQuery,
      summary: 'Log one record of each level',
      handle: async (request) => logTest(context, request),
    },
    {
      method: 'GET',
      path: `${ROOT}/changes`,
      access: ACCESS,
      summary: 'Who changed log handlers, the last one first',
      handle: async (request) => ({ status: 200, body: changesOf(await readDocument(context, request)) }),
    },
    {
      method: 'GET',
      path: `${ROOT}/services/:name`,
      access: OWNERS,
      query: serviceLogQuery,
      produces: 'text/plain',
      summary: "A service's own log",
      handle: async (request) => serviceLog(context, request),
    },
  ];
}

async function apply(context: Context, wish: Wish, request: Request): Promise<AppliedChange> {
  const { method, handler } = wish;
  const now = context.clock();
  const user = request.caller?.name ?? '';
  const changed = await changeHandlers(
    context,
    (handlers) => {
      const decided = change(handlers, wish, { reach: context.settings.reach, now });
      const [before, after] = [told(decided.before), told(decided.after)];
      return { changed: decided, change: { time: now.toISOString(), user, action: method, handler, before, after } };
    },
    request,
  );
  context.log.info('log handler changed', { requestId: request.id, handler, action: method, user });
  context.logging.apply(changed.handlers);
  return { ...changed, handler };
}

type AppliedChange = Changed & { readonly handler: HandlerName };

function answer(status: number, { handler, after }: AppliedChange): Response {
  return { status, body: handlerObject(handler, after ?? {}) };
}

function handlerObject(handler: HandlerName, configuration: Configuration): object {
  return { handler, configuration };
}

function told(configuration: Configuration | undefined): Configuration | null {
  return configuration === undefined ? null : masked(configuration);
}

/** Whatever else a path may name is not there. */
function named({ params }: Request): HandlerName {
  const name = params['handler'];
  if (!isHandlerName(name)) throw notFound();
  return name;
}
