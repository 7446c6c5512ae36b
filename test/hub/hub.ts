// What a hub's REST API offers to an administrator's token, and its users' pages behind the proxy.
import type { HubPrograms } from './hubPrograms';

export interface ProgressEvent {
  readonly progress: number;
  readonly ready?: boolean;
  readonly failed?: boolean;
  readonly message?: string;
  readonly html_message?: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface ServerName {
  readonly user: string;
  /** Absent: the user's default server. */
  readonly name?: string;
}

export interface Hub {
  /** Of the hub's API: `/users/ann`. Answers the body, throws what is no success. */
  readonly api: (method: string, path: string, json?: object) => Promise<string>;
  /** Of a server, as its user has it: `api/status`. */
  readonly page: (server: ServerName, method: string, path: string) => Promise<Answer>;
  readonly addUsers: (...users: readonly string[]) => Promise<void>;
  readonly start: (server: ServerName, options?: object) => Promise<void>;
  /** The progress page of a starting server, read to its end. */
  readonly progress: (server: ServerName) => Promise<readonly ProgressEvent[]>;
  /** What was told about the latest start, by the hub and by whoever posted events. */
  readonly events: (server: ServerName) => Promise<readonly ProgressEvent[]>;
  readonly postEvent: (server: ServerName, event: object) => Promise<void>;
  readonly stop: (server: ServerName) => Promise<void>;
  /** Whether the hub takes it for running or on its way. */
  readonly isActive: (server: ServerName) => Promise<boolean>;
}

interface UserModel {
  readonly servers: Readonly<Record<string, { readonly ready: boolean; readonly pending: string | null }>>;
}

interface Sent {
  readonly json?: object;
  readonly timeoutMs?: number;
}

/** A start may take its time, on a busy machine minutes, and its progress page answers as long. */
const TIMEOUT_MS = 200_000;
/** The page of a server that has just gone is not waited for as long. */
const PAGE_TIMEOUT_MS = 10_000;

export function hubOf({ url, token }: Pick<HubPrograms, 'url' | 'token'>): Hub {
  const headers = { authorization: `token ${token}`, 'content-type': 'application/json' };
  const send = async (method: string, path: string, { json, timeoutMs = TIMEOUT_MS }: Sent = {}): Promise<Answer> => {
    const body = json === undefined ? null : JSON.stringify(json);
    const response = await fetch(url + path, { method, headers, body, signal: AbortSignal.timeout(timeoutMs) });
    return { status: response.status, text: await response.text() };
  };
  const api: Hub['api'] = async (method, path, json) => {
    const { status, text } = await send(method, `/hub/api${path}`, json === undefined ? {} : { json });
    if (status < 300) return text;
    throw new Error(`the hub answered ${status} to ${method} ${path}: ${text}`);
  };
  return {
    api,
    page: async (server, method, path) =>
      send(method, `/user/${server.user}${suffix(server)}/${path}`, { timeoutMs: PAGE_TIMEOUT_MS }),
    addUsers: async (...usernames) => void (await api('POST', '/users', { usernames })),
    start: async (server, options = {}) => void (await api('POST', serverPath(server), { user_options: options })),
    progress: async (server) => eventsOf(await api('GET', `${serverPath(server)}/progress`)),
    events: async (server) => {
      const text = await api('GET', `/users/progress/status/${server.user}${suffix(server)}`);
      return (JSON.parse(text) as { readonly events: readonly ProgressEvent[] }).events;
    },
    postEvent: async (server, event) => {
      await api('POST', `/users/progress/update/${server.user}${suffix(server)}`, event);
    },
    stop: async (server) => void (await api('DELETE', serverPath(server))),
    isActive: async ({ user, name = '' }) => {
      const { servers } = JSON.parse(await api('GET', `/users/${user}`)) as UserModel;
      return servers[name] !== undefined && (servers[name].ready || servers[name].pending !== null);
    },
  };
}

function serverPath({ user, name }: ServerName): string {
  return name === undefined ? `/users/${user}/server` : `/users/${user}/servers/${name}`;
}

function suffix({ name }: ServerName): string {
  return name === undefined ? '' : `/${name}`;
}

/** Server-sent events; between them come empty lines that keep the connection open. */
function eventsOf(text: string): readonly ProgressEvent[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice('data: '.length)) as ProgressEvent);
}
