// The routes of the jobs API: each handler only translates between HTTP and an operation.
import * as z from 'zod';
import type { Request } from '../../lib/http/message';
import type { Route } from '../../lib/http/route';
import { cancel } from './cancel';
import type { Context } from './context';
import { notFound, type Sought } from './find';
import { invalidInput } from './input';
import { listJobs, listQuery } from './list';
import { streamEvents } from './events/stream';
import { readLogs } from './logs/readLogs';
import { logsQuery } from './logs/wish';
import { jobBody, parseJob } from './schema';
import { isSetBody, parseSet, setBody } from './sets/schema';
import { submitSet } from './sets/submit';
import { submitJob } from './submit';
import { readStatus, readWithState } from './read';
import { jobObject } from './view';

const GROUP = 'access_to_jobs';
const COLLECTION = '/jobs';
const ITEM = `${COLLECTION}/:id`;
const MAX_KEY = 255;

export function createRoutes(context: Context): readonly Route[] {
  const { open_access: everybody } = context.settings.jobs;
  const credentialOf = ({ caller }: Request): string => caller?.name ?? everybody ?? '';
  const gate: Gate = {
    access: everybody === undefined ? { group: GROUP } : 'open',
    credentialOf,
    sought: (request) => ({ credential: credentialOf(request), id: request.params['id'] ?? '' }),
  };
  return [liveness(), ...collectionRoutes(context, gate), ...itemRoutes(context, gate), ...streams(context, gate)];
}

/** Who may come in, and whose jobs are meant. */
interface Gate {
  readonly access: Route['access'];
  readonly credentialOf: (request: Request) => string;
  /** The job of the path. */
  readonly sought: (request: Request) => Sought;
}

function liveness(): Route {
  return {
    method: 'GET',
    path: '/',
    access: 'open',
    quiet: true,
    summary: 'Whether the function lives',
    handle: async () => ({ status: 200, body: { status: 'alive' } }),
  };
}

function collectionRoutes(context: Context, { access, credentialOf }: Gate): readonly Route[] {
  return [
    {
      method: 'POST',
      path: COLLECTION,
      access,
      body: 'json',
      schema: z.union([jobBody, setBody]),
      summary: 'Run a command in a container, or a set of stages one after the other',
      handle: async (request) => {
        const by = { credential: credentialOf(request), ...keyOf(request) };
        const made = isSetBody(request.body)
          ? await submitSet(context, { ...by, request: parseSet(request.body) }, request)
          : await submitJob(context, { ...by, request: parseJob(request.body) }, request);
        return { status: 200, body: jobObject(made) };
      },
    },
    {
      method: 'GET',
      path: COLLECTION,
      access,
      query: listQuery,
      summary: "List the caller's jobs",
      handle: async (request) => listJobs(context, credentialOf(request), request),
    },
  ];
}

function itemRoutes(context: Context, { access, sought }: Gate): readonly Route[] {
  const item = { path: ITEM, access } as const;
  return [
    {
      ...item,
      method: 'GET',
      summary: 'A job and its state',
      handle: async (request) => ({ status: 200, body: await readWithState(context, sought(request), request) }),
    },
    {
      ...item,
      method: 'GET',
      path: `${ITEM}/status`,
      summary: "A job's status, as Kubernetes has it",
      handle: async (request) => ({ status: 200, body: await readStatus(context, sought(request), request) }),
    },
    {
      ...item,
      method: 'DELETE',
      summary: 'Cancel a job',
      handle: async (request) => {
        const job = await cancel(context, sought(request), request);
        if (job === undefined) throw notFound();
        return { status: 200, body: jobObject(job) };
      },
    },
  ];
}

function streams(context: Context, { access, sought }: Gate): readonly Route[] {
  return [
    {
      access,
      method: 'GET',
      path: `${ITEM}/logs`,
      query: logsQuery,
      produces: 'text/plain',
      summary: "A job's log",
      handle: async (request) => readLogs(context, sought(request), request),
    },
    {
      access,
      method: 'GET',
      path: `${ITEM}/events`,
      produces: 'text/event-stream',
      summary: 'What becomes of a job, as server-sent events; Last-Event-ID resumes',
      handle: async (request) => streamEvents(context, sought(request), request),
    },
  ];
}

function keyOf({ headers }: Request): { readonly idempotencyKey: string | undefined } {
  const key = headers['idempotency-key'];
  if (key === undefined || (key !== '' && key.length <= MAX_KEY)) return { idempotencyKey: key };
  const detail = `Idempotency-Key: give 1 to ${MAX_KEY} characters.`;
  throw invalidInput(detail);
}
