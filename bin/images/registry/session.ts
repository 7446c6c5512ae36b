// Requests to a registry with the rights that it asks for: a login, or a token for it.
// https://distribution.github.io/distribution/spec/auth/token/
import { AppError } from '../../../lib/errors';
import { isRecord, parseJson } from '../../../lib/record';
import { repositoryText, type Repository } from '../reference';
import { parseChallenge, type Challenge } from './challenge';
import type { Login } from './loginFile';
import { addressOf, send, type Sent } from './transport';

export interface Session {
  /** Every answer but a refusal of who asks. */
  readonly request: (path: string, sent: Sent) => Promise<Response>;
}

export interface Opened {
  readonly repository: Repository;
  readonly insecure: boolean;
  readonly login: Login | undefined;
}

export function openSession(opened: Opened): Session {
  const { repository, insecure } = opened;
  const base = `${addressOf(repository.host, insecure)}/v2/${repository.path}`;
  let authorization: string | undefined;
  const attempt = async (path: string, sent: Sent): Promise<Response> =>
    send(`${base}${path}`, {
      ...sent,
      headers: { ...sent.headers, ...(authorization !== undefined && { authorization }) },
    });
  return {
    request: async (path, sent) => {
      const first = await attempt(path, sent);
      if (first.status !== 401) return permitted(first, opened);
      await first.body?.cancel();
      const challenge = parseChallenge(first.headers.get('www-authenticate') ?? '');
      authorization = challenge && (await authorizationFor(challenge, opened));
      return permitted(authorization === undefined ? first : await attempt(path, sent), opened);
    },
  };
}

async function authorizationFor(challenge: Challenge, opened: Opened): Promise<string | undefined> {
  if (challenge.scheme === 'basic') return opened.login && basic(opened.login);
  const response = await askToken(challenge, opened);
  const answer = parseJson(await response.text());
  if (response.status === 401 || response.status === 403) return undefined;
  const token = isRecord(answer) ? (answer['token'] ?? answer['access_token']) : undefined;
  if (typeof token === 'string') return `Bearer ${token}`;
  throw new AppError(
    'registry_failed',
    503,
    `${challenge.realm}, which ${opened.repository.host} sends logins to, answered ${response.status} without a token`,
  );
}

async function askToken(
  { realm, service, scope }: Extract<Challenge, { scheme: 'bearer' }>,
  opened: Opened,
): Promise<Response> {
  const { login, repository } = opened;
  const wanted = { ...(service !== undefined && { service }), scope: scope ?? `repository:${repository.path}:pull` };
  if (login?.identityToken !== undefined) {
    const form = { grant_type: 'refresh_token', client_id: 'hubfn', refresh_token: login.identityToken, ...wanted };
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return send(realm, { method: 'POST', headers, body: new URLSearchParams(form).toString() });
  }
  const url = new URL(realm);
  for (const [name, value] of Object.entries(wanted)) url.searchParams.set(name, value);
  return send(url.toString(), { method: 'GET', headers: login === undefined ? {} : { authorization: basic(login) } });
}

function basic({ user, password }: Login): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Told by who refuses, and what may be done: nobody logged in, or somebody who may not. */
function permitted(response: Response, { repository, login }: Opened): Response {
  if (response.status !== 401 && response.status !== 403) return response;
  const { host } = repository;
  const why =
    login === undefined ? `${host} wants a login` : `${host} refuses the login of ${login.user || 'your token'}`;
  const detail = `${why} for ${repositoryText(repository)} (${response.status}). Log in: docker, podman or buildah login ${host}`;
  throw new AppError('registry_refused', response.status, detail);
}
