// The routes of Outpost's API, for hubs with an OutpostSpawner: each handler translates to the operations of this function.
import { AppError } from '../../../lib/errors';
import type { Request, Response } from '../../../lib/http/message';
import type { Handler, Route } from '../../../lib/http/route';
import type { Context } from '../context';
import { listPolled } from '../list';
import { pollService, type Polled } from '../poll';
import { findSeats } from '../seats/takeSeats';
import { stopService } from '../stop';
import { flavorsFor } from './flavors';
import { readLogs } from './logs';
import { DEFAULT_START_ID, outpostBody, parseAuthentication, servernameOf } from './schema';
import { outpostStart } from './start';
import { exitStatus, flavorUsage, serviceEntry } from './view';

const ACCESS = { group: 'access_to_webservice' } as const;
/** The second is the address of a user's default server, which has no name. */
const ITEMS = ['/services/:name', '/services//:startId', '/services/:name/:startId'] as const;

export function outpostRoutes(context: Context): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/services',
      access: ACCESS,
      body: 'json',
      schema: outpostBody,
      summary: "Start a server (Outpost's contract)",
      handle: async (request) => outpostStart(context, request),
    },
    {
      method: 'GET',
      path: '/services',
      access: ACCESS,
      summary: "List the caller's servers (Outpost's contract)",
      handle: async (request) => {
        return { status: 200, body: (await listPolled(context, callerOf(request), request)).map(serviceEntry) };
      },
    },
    ...ITEMS.flatMap((path) => itemRoutes(path, context)),
    ...flavorRoutes(context),
  ];
}

const pong: Handler = async () => ({ status: 200, body: { ping: 'pong!' } });

function itemRoutes(path: string, context: Context): readonly Route[] {
  return [
    {
      method: 'GET',
      path,
      access: ACCESS,
      summary: "State of a server (Outpost's contract)",
      handle: async (request) => {
        const polled = await find(context, request);
        return { status: 200, body: { status: exitStatus(polled.state), logs: await logs(context, request, polled) } };
      },
    },
    {
      method: 'DELETE',
      path,
      access: ACCESS,
      summary: "Stop a server (Outpost's contract)",
      handle: async (request) => stop(context, request),
    },
  ];
}

function flavorRoutes(context: Context): readonly Route[] {
  const answer = async (request: Request, authentication?: Readonly<Record<string, unknown>>): Promise<Response> => {
    const flavors = flavorsFor(context.settings.file.flavors, { hub: callerOf(request), authentication });
    return { status: 200, body: flavorUsage(flavors, await findSeats(context, undefined, request)) };
  };
  return [
    {
      method: 'GET',
      path: '/flavors',
      access: ACCESS,
      summary: 'Flavors of the calling hub, and how many servers have each',
      handle: async (request) => answer(request),
    },
    {
      method: 'POST',
      path: '/userflavors',
      access: ACCESS,
      body: 'json',
      summary: 'Flavors of a user of the calling hub',
      handle: async (request) => answer(request, parseAuthentication(request.body)),
    },
    {
      method: 'GET',
      path: '/ping',
      access: 'open',
      quiet: true,
      summary: 'Whether the function answers',
      handle: pong,
    },
  ];
}

async function stop(context: Context, request: Request): Promise<Response> {
  // A start that another address names must not be stopped by this one, and logs are gone after a stop.
  const polled = await find(context, request);
  const lines = await logs(context, request, polled);
  if (!(await stopService(context, polled.anchor.start, request))) throw notFound();
  if (request.headers['execution-type'] === 'async') return { status: 202, body: {} };
  return { status: 200, body: { logs: lines } };
}

async function find(context: Context, request: Request): Promise<Polled> {
  const { name = '', startId } = request.params;
  const found = await findStart(context, request, { name, startId: startId ?? DEFAULT_START_ID });
  if (found !== undefined) return found;
  // An ingress may make one slash of the two in the address of a server without a name.
  const unnamed = startId === undefined ? await findStart(context, request, { name: '', startId: name }) : undefined;
  if (unnamed === undefined) throw notFound();
  return unnamed;
}

interface Sought {
  readonly name: string;
  readonly startId: string;
}

async function findStart(context: Context, request: Request, { name, startId }: Sought): Promise<Polled | undefined> {
  const sought = { credential: callerOf(request), servername: servernameOf(name, startId) };
  const polled = await pollService(context, sought, request);
  return polled?.anchor.start.startId === startId ? polled : undefined;
}

async function logs(context: Context, request: Request, { anchor, state }: Polled): Promise<readonly string[]> {
  if (request.query.get('collect_logs')?.toLowerCase() !== 'true') return [];
  if (state.running) return readLogs(context, anchor, request);
  return [state.status.message, state.details?.detailed_error ?? ''].filter((line) => line !== '');
}

function callerOf({ caller }: Request): string {
  return caller?.name ?? '';
}

function notFound(): AppError {
  return new AppError('not_found', 404, 'Item not found');
}
