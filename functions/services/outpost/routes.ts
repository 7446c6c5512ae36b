// The routes of Outpost's API, for hubs with an OutpostSpawner: each handler translates to the operations of this function.
import { AppError } from '../../../lib/errors';
import type { Request, Response } from '../../../lib/http/message';
import type { Handler, Route } from '../../../lib/http/route';
import type { Call } from '../../../lib/kube/kube';
import type { Anchor } from '../../../lib/services/anchor';
import { findAnchors } from '../../../lib/services/anchors';
import type { Sought } from '../../../lib/services/names';
import { within } from '../../../lib/timeLimit';
import type { Context } from '../context';
import { listPolled } from '../list';
import { pollService, type Polled } from '../poll';
import { findSeats } from '../seats/takeSeats';
import { stopService, untilStopped } from '../stop';
import { flavorsFor } from './flavors';
import { readLogs } from './logs';
import { DEFAULT_START_ID, outpostBody, parseAuthentication, servernameOf } from './schema';
import { outpostStart } from './start';
import { exitStatus, flavorUsage, serviceEntry } from './view';

const ACCESS = { group: 'access_to_webservice' } as const;
/** The second is the address of a user's default server, which has no name. */
const ITEMS = ['/services/:name', '/services//:startId', '/services/:name/:startId'] as const;

const LAST_LOGS_MS = 5_000;

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
        const lines = wantsLogs(request) ? await logs(context, polled, request) : [];
        return { status: 200, body: { status: exitStatus(polled.state), logs: lines } };
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
  const call = untilStopped();
  // A start that another address names must not be stopped by this one, and logs are gone after a stop.
  const { anchor } = await addressedBy(request, async (sought) => newestOf(context, sought, call));
  const lines = await lastLogs(context, request);
  if (!(await stopService(context, anchor.start, call))) throw notFound();
  if (request.headers['execution-type'] === 'async') return { status: 202, body: {} };
  return { status: 200, body: { logs: lines } };
}

/** Not judged: to stop it, it does not matter how it is. */
async function newestOf(context: Context, sought: Required<Sought>, call: Call) {
  const anchor = context.cache.look(sought)?.anchors.at(-1) ?? (await findAnchors(context, sought, call)).at(-1);
  return anchor && { anchor };
}

/** None where they cannot be read soon: a stop is not held up by them. */
async function lastLogs(context: Context, request: Request): Promise<readonly string[]> {
  if (!wantsLogs(request)) return [];
  const call = { signal: within(LAST_LOGS_MS, request.signal) };
  try {
    return await logs(context, await find(context, request, call), call);
  } catch (error) {
    context.log.warn('the last logs of a server could not be read', { error });
    return [];
  }
}

async function find(context: Context, request: Request, call: Call = request): Promise<Polled> {
  return addressedBy(request, async (sought) => pollService(context, sought, call));
}

async function addressedBy<T extends { readonly anchor: Anchor }>(
  request: Request,
  look: (sought: Required<Sought>) => Promise<T | undefined>,
): Promise<T> {
  for (const { name, startId } of addressed(request.params)) {
    const found = await look({ credential: callerOf(request), servername: servernameOf(name, startId) });
    if (found?.anchor.start.startId === startId) return found;
  }
  throw notFound();
}

/** Ingresses make one slash of two: what is left of a nameless server's address is its start id. */
function addressed({ name = '', startId }: Request['params']) {
  if (startId !== undefined) return [{ name, startId }];
  return [
    { name, startId: DEFAULT_START_ID },
    { name: '', startId: name },
  ];
}

async function logs(context: Context, { anchor, state }: Polled, call: Call): Promise<readonly string[]> {
  if (state.running) return readLogs(context, anchor, call);
  return [state.status.message, state.details?.detailed_error ?? ''].filter((line) => line !== '');
}

function wantsLogs({ query }: Request): boolean {
  return query.get('collect_logs')?.toLowerCase() === 'true';
}

function callerOf({ caller }: Request): string {
  return caller?.name ?? '';
}

function notFound(): AppError {
  return new AppError('not_found', 404, 'Item not found');
}
