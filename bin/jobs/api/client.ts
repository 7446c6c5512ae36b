// What can be done with jobs: typed operations on the API, repeated where the way there fails, refused in one sentence.
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod';
import { AppError } from '../../../lib/errors';
import { parseJson } from '../../../lib/record';
import type { Body } from '../request';
import { jobAnswer, listAnswer, type Job, type ListedJob } from './answers';
import type { Answer, Method, Sent } from '../../api/api';
import { refusalOf, understood as read } from '../../api/refusal';
import type { JobsApi } from './jobsApi';

/** As the original: three tries, then it gives up. */
const TRIES = 3;
const FIRST_PAUSE_MS = 500;
const TIMEOUT_MS = 60_000;
const PAGE = '500';

type Query = Readonly<Record<string, string>>;

export interface Listing {
  /** Phases with commas between, or `all`. */
  readonly state: string;
  readonly label?: string | undefined;
}

export const UNDER_WAY = 'queued,starting,running';

export interface JobsClient {
  readonly defaultImage: string | undefined;
  /** The body carries a name, so that a repeat is the same job. */
  readonly submit: (body: Body) => Promise<Job>;
  readonly find: (id: string) => Promise<Job | undefined>;
  readonly get: (id: string) => Promise<Job>;
  /** Brings a job set on; nothing, where functions do it. */
  readonly advance: (id: string) => Promise<void>;
  /** All pages of it. */
  readonly list: (wanted: Listing) => Promise<readonly ListedJob[]>;
  readonly cancel: (id: string) => Promise<Job>;
  /** Undefined when there is no log (yet, or any more). It goes on as long as the log does. */
  readonly logs: (id: string, query: Query) => Promise<AsyncIterable<Uint8Array> | undefined>;
}

export function createClient(api: JobsApi): JobsClient {
  const get = async (id: string): Promise<Job> => jobOf((await send(api, { method: 'GET', path: pathOf(id) })).value);
  return {
    defaultImage: api.defaultImage,
    get,
    submit: async (body) => jobOf((await send(api, { method: 'POST', path: '/jobs', body })).value),
    find: async (id) =>
      get(id).catch((error: unknown) => {
        if (error instanceof AppError && error.status === 404) return undefined;
        throw error;
      }),
    advance: async (id) => withTries(async () => api.advance?.(id)),
    list: async (wanted) => listAll(api, wanted),
    cancel: async (id) => jobOf((await send(api, { method: 'DELETE', path: pathOf(id) })).value),
    logs: async (id, query) => {
      const answer = await withTries(async () =>
        okOrRefusal(await api.request('GET', `${pathOf(id)}/logs`, { query })),
      );
      return answer instanceof AppError ? undefined : answer.body;
    },
  };
}

function jobOf(value: unknown): Job {
  return understood(jobAnswer, value);
}

function understood<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  return read(schema, value, 'jobs');
}

async function listAll(api: JobsApi, { state, label }: Listing): Promise<readonly ListedJob[]> {
  const all: ListedJob[] = [];
  let next: string | undefined;
  do {
    const page = {
      limit: PAGE,
      state,
      ...(label !== undefined && { label }),
      ...(next !== undefined && { continue: next }),
    };
    const { value, headers } = await send(api, { method: 'GET', path: '/jobs', query: page });
    all.push(...understood(listAnswer, value));
    next = headers['x-continue'];
  } while (next !== undefined);
  return all;
}

interface Received {
  readonly value: unknown;
  readonly headers: Answer['headers'];
}

interface Wanted extends Omit<Sent, 'signal'> {
  readonly method: Method;
  readonly path: string;
}

async function send(api: JobsApi, { method, path, ...sent }: Wanted): Promise<Received> {
  return withTries(async () => {
    const answer = await api.request(method, path, { ...sent, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const ok = await okOrRefusal(answer);
    if (ok instanceof AppError) throw ok;
    return { value: parseJson(await text(ok.body)), headers: answer.headers };
  });
}

/** That a job has no log is an answer, too; every other refusal is thrown. */
async function okOrRefusal(answer: Answer): Promise<Answer | AppError> {
  if (answer.status < 300) return answer;
  const refusal = await refusalOf(answer);
  if (refusal.status === 404 && refusal.message === 'Logs not found') return refusal;
  throw refusal;
}

/** Every request may be repeated: a name makes a second submission the first one. */
async function withTries<T>(attempt: () => Promise<T>): Promise<T> {
  for (let number = 1; ; number += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error) || number >= TRIES) throw error;
      await sleep(FIRST_PAUSE_MS * 2 ** (number - 1));
    }
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof AppError && [429, 502, 503, 504].includes(error.status);
}

function pathOf(id: string): string {
  return `/jobs/${encodeURIComponent(id)}`;
}
