// What a hub does: starts, polls, updates, lists and stops services under one credential.
import { eventually } from './eventually';
import type { FunctionProcess } from './functionProcess';
import type { Answer, Sent } from './httpClient';
import { token } from './credentialFiles';

export interface StartOptions {
  readonly service?: string;
  readonly startId?: unknown;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Merged into the body. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

export interface Polled {
  readonly running: boolean;
  readonly details?: { readonly error: string; readonly detailed_error: string };
  readonly status: {
    readonly phase: string;
    readonly reason?: string;
    readonly message: string;
    readonly retryable: boolean;
  };
  readonly start_id: string;
  readonly servername: string;
}

export interface Hub {
  readonly send: (method: string, path: string, sent?: Sent) => Promise<Answer>;
  readonly start: (name: string, options?: StartOptions) => Promise<Answer>;
  /** The body of a poll that was answered with 200. */
  readonly poll: (name: string) => Promise<Polled>;
  readonly update: (name: string) => Promise<Answer>;
  readonly stop: (name: string) => Promise<Answer>;
  readonly untilRunning: (name: string) => Promise<Polled>;
  readonly untilOver: (name: string, seconds?: number) => Promise<Polled>;
}

export const API_TOKEN = 'a-very-secret-hub-token';

export function startBody({
  service = 'sleeper',
  startId = '12345678',
  env,
  options,
  body,
}: StartOptions = {}): object {
  return {
    env: {
      JUPYTERHUB_STATUS_URL: 'users/progress/status/someone',
      JUPYTERHUB_API_TOKEN: API_TOKEN,
      JUPYTERHUB_USER_ID: 17,
      ...env,
    },
    user_options: { service, ...options },
    start_id: startId,
    ...body,
  };
}

export function hubOf({ request }: Pick<FunctionProcess, 'request'>, credential = 'hub-a'): Hub {
  const send: Hub['send'] = async (method, path, sent = {}) => {
    return request(method, path, { ...sent, headers: { authorization: token(credential), ...sent.headers } });
  };
  const poll: Hub['poll'] = async (name) => {
    const answer = await send('GET', itemPath(name));
    if (answer.status !== 200) throw new Error(`poll of ${name} was answered ${answer.status}: ${answer.text}`);
    return answer.body as Polled;
  };
  const until = async (name: string, wanted: (polled: Polled) => boolean, seconds: number): Promise<Polled> =>
    eventually(async () => {
      const polled = await poll(name);
      if (wanted(polled)) return polled;
      throw new Error(`not yet: ${JSON.stringify(polled)}`);
    }, seconds);
  return {
    send,
    poll,
    start: async (name, { timeoutMs = 60_000, ...options } = {}) => {
      const headers = { uuidcode: name, ...options.headers };
      return send('POST', '/api/services/', { json: startBody(options), headers, timeoutMs });
    },
    update: async (name) => send('PATCH', itemPath(name)),
    stop: async (name) => send('DELETE', itemPath(name)),
    untilRunning: async (name) => until(name, ({ running, status }) => running && status.phase === 'running', 60),
    untilOver: async (name, seconds = 60) => until(name, ({ running }) => !running, seconds),
  };
}

function itemPath(name: string): string {
  return `/api/services/${encodeURIComponent(name)}/`;
}
