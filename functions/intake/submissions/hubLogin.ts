// Who makes a request, as their hub says: its token is shown to the hub, and to nobody else.
import type { HubUser } from '../../../lib/credentials/hubUser';
import { AppError } from '../../../lib/errors';
import type { Authenticate } from '../../../lib/http/api';
import { isUser } from '../message';

/** Of everybody whom the hub knows. */
export const HUB_USERS = 'users_of_the_hub';

const LOGIN = /^(?:token|bearer) ([\x21-\x7e]{1,1024})$/i;

export function createHubLogin(hubUser: HubUser): Authenticate {
  return async ({ authorization = '' }) => {
    const [, token] = LOGIN.exec(authorization) ?? [];
    if (token === undefined) throw unauthenticated('Send a token of JupyterHub: Authorization: token ...');
    const name = await hubUser(token);
    if (name === undefined) throw unauthenticated('The hub knows no user by this token.');
    if (!isUser(name)) throw new AppError('unsupported_name', 403, 'Names of users have to be DNS labels here.');
    return { name, groups: [HUB_USERS], superuser: false };
  };
}

function unauthenticated(text: string): AppError {
  return new AppError('unauthenticated', 401, text, { headers: { 'www-authenticate': 'token' } });
}
