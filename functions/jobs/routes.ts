// The routes of the jobs API: each handler only translates between HTTP and an operation.
import type { Request } from '../../lib/http/message';
import type { Route } from '../../lib/http/route';
import type { Call } from '../../lib/kube/kube';
import { readJobPods } from '../../lib/jobs/readJobPods';
import { cancelJob } from './cancel';
import type { Context } from './context';
import { notFound, type Sought } from './find';
import { invalidInput } from './input';
import { listJobs, listQuery } from './list';
import { findJobObject, findJobOrRecord, isRecorded } from './record';
import { streamEvents } from './events/stream';
import { readLogs } from './logs/readLogs';
import { logsQuery } from './logs/wish';
import { jobBody, parseJob } from './schema';
import { readState } from './state/readState';
import { submitJob } from './submit';
import { jobObject, statusObject } from './view';

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
      schema: jobBody,
      summary: 'Run a command in a container',
      handle: async (request) => {
        const submission = { credential: credentialOf(request), request: parseJob(request.body), ...keyOf(request) };
        return { status: 200, body: jobObject(await submitJob(context, submission, request)) };
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
      handle: async (request) => ({ status: 200, body: await withState(context, sought(request), request) }),
    },
    {
      ...item,
      method: 'GET',
      path: `${ITEM}/status`,
      summary: "A job's status, as Kubernetes has it",
      handle: async (request) => {
        const { status } = await findJobObject(context, sought(request), request);
        return { status: 200, body: statusObject(status) };
      },
    },
    {
      ...item,
      method: 'DELETE',
      summary: 'Cancel a job',
      handle: async (request) => {
        const job = await cancelJob(context, sought(request), request);
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

async function withState(context: Context, sought: Sought, call: Call): Promise<object> {
  const found = await findJobOrRecord(context, sought, call);
  if (isRecorded(found)) {
    const { isOver: _over, ...state } = found.record.state;
    return { ...jobObject(found.record.job), state };
  }
  const pods = await readJobPods(context.kube, found, call);
  return { ...jobObject(found), state: await readState(context, { job: found, pods }, call) };
}

function keyOf({ headers }: Request): { readonly idempotencyKey: string | undefined } {
  const key = headers['idempotency-key'];
  if (key === undefined || (key !== '' && key.length <= MAX_KEY)) return { idempotencyKey: key };
  const detail = `Idempotency-Key: give 1 to ${MAX_KEY} characters.`;
  throw invalidInput(detail);
}
