// What can be done with archives: typed operations on the API, refused in one sentence.
import { text } from 'node:stream/consumers';
import type * as z from 'zod';
import { parseJson } from '../../lib/record';
import type { Answer, Method, Sent } from '../api/api';
import { refusalOf, understood as read } from '../api/refusal';
import type { ArchiveApi } from './access';
import { archiveAnswer, listAnswer, releaseAnswer, releasesAnswer, type Archive, type Release } from './answers';

const TIMEOUT_MS = 60_000;

export interface ArchiveClient {
  readonly backUp: (body: object) => Promise<Archive>;
  readonly get: (id: string) => Promise<Archive>;
  readonly list: (query: Readonly<Record<string, string>>) => Promise<readonly Archive[]>;
  readonly ask: (id: string, verb: string, body?: object) => Promise<Archive>;
  readonly release: (claim: string) => Promise<Release>;
  readonly releases: () => Promise<readonly Release[]>;
  readonly undo: (id: string) => Promise<Release>;
  readonly download: (id: string, query: Readonly<Record<string, string>>) => Promise<Answer>;
}

export function createClient(api: ArchiveApi): ArchiveClient {
  const one = async (method: Method, path: string, sent: Sent = {}): Promise<Archive> =>
    understood(archiveAnswer, (await send(api, { method, path, sent })).value);
  const release = async (method: Method, path: string, sent: Sent = {}): Promise<Release> =>
    understood(releaseAnswer, (await send(api, { method, path, sent })).value);
  return {
    backUp: async (body) => one('POST', '/archives', { body }),
    get: async (id) => one('GET', pathOf(id)),
    ask: async (id, verb, body = {}) => one('POST', `${pathOf(id)}/${verb}`, { body }),
    list: async (query) => listAll(api, query),
    release: async (claim) => release('POST', '/archives/release', { body: { claim } }),
    releases: async () =>
      understood(releasesAnswer, (await send(api, { method: 'GET', path: '/archives/release', sent: {} })).value),
    undo: async (id) => release('POST', `${pathOf(id)}/undo`, { body: {} }),
    download: async (id, query) => refusedOr(await api.request('GET', `${pathOf(id)}/download`, { query })),
  };
}

async function listAll(api: ArchiveApi, query: Readonly<Record<string, string>>): Promise<readonly Archive[]> {
  const all: Archive[] = [];
  let next: string | undefined;
  do {
    const page = { ...query, ...(next !== undefined && { continue: next }) };
    const { value, headers } = await send(api, { method: 'GET', path: '/archives', sent: { query: page } });
    all.push(...understood(listAnswer, value));
    next = headers['x-continue'];
  } while (next !== undefined);
  return all;
}

interface Wanted {
  readonly method: Method;
  readonly path: string;
  readonly sent: Sent;
}

async function send(api: ArchiveApi, { method, path, sent }: Wanted) {
  const answer = await api.request(method, path, { ...sent, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const { body, headers } = await refusedOr(answer);
  return { value: parseJson(await text(body)), headers };
}

async function refusedOr(answer: Answer): Promise<Answer> {
  if (answer.status < 300) return answer;
  throw await refusalOf(answer);
}

function understood<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  return read(schema, value, 'archive');
}

function pathOf(id: string): string {
  return `/archives/${encodeURIComponent(id)}`;
}
