// The routes of the K8s Manager's userjobs API: each handler only translates between HTTP and an operation.
import type { Request } from '../../lib/http/message';
import type { Route } from '../../lib/http/route';
import type { Context } from './context';
import { createUserJob } from './create';
import { readState } from './readState';
import { endUserJob } from './end/endUserJob';
import type { UserJob } from './record';
import { isServiceName, parseUserJob, userJobBody } from './schema';
import { findUserJob, listUserJobs, notFound, type Sought } from './userJobs';
import { statusObject, userJobObject, userJobWithState } from './view';

const ACCESS = { group: 'access_to_webservice' } as const;
const COLLECTION = '/api/userjobs';
const ITEM = `${COLLECTION}/:service`;

export function createRoutes(context: Context): readonly Route[] {
  return [...collectionRoutes(context), ...itemRoutes(context)];
}

function collectionRoutes(context: Context): readonly Route[] {
  return [
    {
      method: 'POST',
      path: COLLECTION,
      access: ACCESS,
      body: 'json',
      schema: userJobBody,
      summary: 'Open a way from the cluster to a job on another system',
      handle: async (request) => {
        const creation = { credential: credentialOf(request), request: parseUserJob(request.body) };
        return { status: 201, body: userJobObject(await createUserJob(context, creation, request)) };
      },
    },
    {
      method: 'GET',
      path: COLLECTION,
      access: ACCESS,
      summary: "List the caller's user jobs",
      handle: async (request) => {
        const userJobs = await listUserJobs(context, credentialOf(request), request);
        return { status: 200, body: userJobs.map(userJobObject) };
      },
    },
  ];
}

function itemRoutes(context: Context): readonly Route[] {
  const item = { path: ITEM, access: ACCESS } as const;
  return [
    {
      ...item,
      method: 'GET',
      summary: 'A user job, and how its job is when it has one',
      handle: async (request) => {
        const userJob = await find(context, request);
        if (userJob.record.job === undefined) return { status: 200, body: userJobObject(userJob) };
        return { status: 200, body: userJobWithState(userJob, await readState(context, userJob, request)) };
      },
    },
    {
      ...item,
      path: `${ITEM}/status`,
      method: 'GET',
      summary: 'How the tunnel of a user job is',
      handle: async (request) => {
        const userJob = await find(context, request);
        return { status: 200, body: statusObject(userJob, await readState(context, userJob, request)) };
      },
    },
    {
      ...item,
      method: 'DELETE',
      summary: 'Close the way, and cancel the job that was submitted for it',
      handle: async (request) => {
        const ended = await endUserJob(context, await find(context, request), request);
        if (ended.isGone) return { status: 204 };
        return { status: 202, body: { detail: `It ends as soon as its job can be cancelled. ${ended.why ?? ''}` } };
      },
    },
  ];
}

async function find(context: Context, request: Request): Promise<UserJob> {
  const userJob = await findUserJob(context, soughtBy(request), request);
  if (userJob === undefined) throw notFound();
  return userJob;
}

function soughtBy(request: Request): Sought {
  const service = request.params['service'] ?? '';
  if (!isServiceName(service)) throw notFound();
  return { credential: credentialOf(request), service };
}

function credentialOf({ caller }: Request): string {
  return caller?.name ?? '';
}
