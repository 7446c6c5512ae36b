// Who makes a request, as their hub says: its token is shown to the hub, and to nobody else.
import { AppError } from '../../../lib/errors';
import type { Authenticate } from '../../../lib/http/api';
import { isRecord } from '../../../lib/record';
import { isUser } from '../message';

/** Of everybody whom the hub knows. */
export const HUB_USERS = 'users_of_the_hub';

const PATIENCE_MS = 10_000;
const LOGIN = /^(?:token|bearer) ([\x21-\x7e]{1,1024})$/i;

/** `api`: `http://hub:8081/hub/api`. */
export function createHubLogin(api: string): Authenticate {
  const url = `${api.replace(/\/+$/, '')}/user`;
  return async ({ authorization = '' }) => {
    const [, token] = LOGIN.exec(authorization) ?? [];
    if (token === undefined) throw unauthenticated('Send a token of JupyterHub: Authorization: token ...');
    const user = await whoIs(url, token);
    // Services have names, too, and nothing that they could submit.
    if (user['kind'] !== 'user' || typeof user['name'] !== 'string')
      throw unauthenticated('The token is not that of a user.');
    const { name } = user;
    if (!isUser(name)) throw new AppError('unsupported_name', 403, 'Names of users have to be DNS labels here.');
    return { name, groups: [HUB_USERS], superuser: false };
  };
}

async function whoIs(url: string, token: string): Promise<Readonly<Record<string, unknown>>> {
  const headers = { authorization: `token ${token}`, accept: 'application/json' };
  const options = { headers, redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) } as const;
  const answer = await fetch(url, options).catch((cause: unknown) => Promise.reject(hubAway(cause)));
  if (answer.status === 401 || answer.status === 403) throw unauthenticated('The hub does not know this token.');
  if (!answer.ok) throw hubAway(new Error(`it answered ${answer.status}`));
  const body: unknown = await answer.json().catch((cause: unknown) => Promise.reject(hubAway(cause)));
  return isRecord(body) ? body : {};
}

function unauthenticated(text: string): AppError {
  return new AppError('unauthenticated', 401, text, { headers: { 'www-authenticate': 'token' } });
}

function hubAway(cause: unknown): AppError {
  const detail = 'The hub does not answer.';
  return new AppError('hub_unavailable', 503, detail, { cause, retryAfterSeconds: 5, body: { detail } });
}
