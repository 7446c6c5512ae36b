// The routes of the K8s Manager's services API: each handler only translates between HTTP and an operation.
import { randomUUID } from 'node:crypto';
import { AppError } from '../../lib/errors';
import type { Request, Response } from '../../lib/http/message';
import { rootUrl } from '../../lib/http/rootUrl';
import type { Route } from '../../lib/http/route';
import type { Context } from './context';
import { createHealth } from './health';
import { listServices, listServicesWithState } from './list';
import { outpostRoutes } from './outpost/routes';
import { pollService, pollUnlessAway } from './poll';
import { streamProgress } from './progress/stream';
import { isServername, parseStart, startBody } from './schema';
import { startService } from './start';
import { stopService } from './stop';
import { updateService } from './update';
import { serviceObject, serviceWithState } from './view';

const ACCESS = { group: 'access_to_webservice' } as const;
const COLLECTION = '/api/services';
const ITEM = '/api/services/:name';

export function createRoutes(context: Context): readonly Route[] {
  return [...collectionRoutes(context), ...itemRoutes(context), ...openRoutes(context), ...outpostRoutes(context)];
}

function collectionRoutes(context: Context): readonly Route[] {
  return [
    {
      method: 'POST',
      path: COLLECTION,
      access: ACCESS,
      body: 'json',
      schema: startBody,
      summary: 'Start a service from a service description',
      handle: async (request) => start(context, request),
    },
    {
      method: 'GET',
      path: COLLECTION,
      access: ACCESS,
      summary: "List the caller's services",
      handle: async ({ caller, suffixed, signal }) => {
        const credential = caller?.name ?? '';
        const call = { signal };
        if (suffixed) return { status: 200, body: await listServicesWithState(context, credential, call) };
        return { status: 200, body: await listServices(context, credential, call) };
      },
    },
  ];
}

function itemRoutes(context: Context): readonly Route[] {
  const update = async (request: Request): Promise<Response> => {
    if (!(await updateService(context, soughtBy(request), request))) throw notFound();
    return poll(context, request);
  };
  const item = { path: ITEM, access: ACCESS } as const;
  return [
    { ...item, method: 'GET', summary: 'State of a service', handle: async (request) => poll(context, request) },
    {
      ...item,
      path: `${ITEM}/events`,
      method: 'GET',
      produces: 'text/event-stream',
      summary: 'Progress of a start, as server-sent events',
      handle: async (request) => {
        const answer = await streamProgress(context, soughtBy(request), request);
        if (answer === undefined) throw notFound();
        return answer;
      },
    },
    { ...item, method: 'PATCH', summary: "Apply the description's update", handle: update },
    { ...item, method: 'PUT', summary: "Apply the description's update", handle: update },
    {
      ...item,
      method: 'DELETE',
      summary: 'Stop a service and remove everything it has',
      handle: async (request) => {
        if (!(await stopService(context, soughtBy(request)))) throw notFound();
        return { status: 204 };
      },
    },
  ];
}

function openRoutes(context: Context): readonly Route[] {
  const health = createHealth(context);
  const refused = { status: 403, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<h1>Forbidden</h1>' };
  const open = { path: '/api/health', access: 'open', produces: 'text/html', quiet: true } as const;
  return [
    { ...open, method: 'GET', summary: 'Whether services can be started', handle: health },
    ...(['POST', 'PUT', 'PATCH', 'DELETE'] as const).map((method): Route => ({
      ...open,
      method,
      summary: 'Not allowed',
      handle: async () => refused,
    })),
    {
      method: 'GET',
      path: '/api',
      access: 'open',
      summary: 'Index of the API',
      handle: async ({ headers }) => ({ status: 200, body: index(headers) }),
    },
  ];
}

async function start(context: Context, { body, caller, headers, suffixed, signal }: Request): Promise<Response> {
  const request = parseStart(body, headers['uuidcode'], randomUUID().replaceAll('-', ''));
  const credential = caller?.name ?? '';
  const { anchor } = await startService(context, { credential, request, headers, signal });
  if (!suffixed) return { status: 201, body: serviceObject(anchor.start) };
  const polled = await pollService(context, { credential, servername: request.servername }, { signal });
  return { status: 201, body: polled ? serviceWithState(anchor.start, polled.state) : serviceObject(anchor.start) };
}

async function poll(context: Context, request: Request): Promise<Response> {
  const answer = await pollUnlessAway(context, soughtBy(request), request);
  if (answer === undefined) throw notFound();
  return answer;
}

function soughtBy({ params, caller }: Request): { credential: string; servername: string } {
  const servername = params['name'] ?? '';
  if (!isServername(servername)) throw notFound();
  return { credential: caller?.name ?? '', servername: servername.trim() };
}

function notFound(): AppError {
  return new AppError('not_found', 404, 'Not found.');
}

function index(headers: Readonly<Record<string, string>>): object {
  const root = rootUrl(headers);
  return { services: `${root}/api/services/`, userjobs: `${root}/api/userjobs/` };
}
