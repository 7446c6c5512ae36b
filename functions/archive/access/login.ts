// Who calls: somebody with a credential of the functions, or a user of the hub with a token of it.
import type { Caller } from '../../../lib/credentials/caller';
import { createHubUser, type HubUser } from '../../../lib/credentials/hubUser';
import { createLogin } from '../../../lib/credentials/login';
import { AppError } from '../../../lib/errors';
import type { Log } from '../../../lib/log';
import { asOperator, asUser } from './caller';

type Login = (headers: Readonly<Record<string, string>>) => Promise<Caller>;

const TOKEN = /^token +(?<token>[\x21-\x7e]{1,512}) *$/i;

export interface ArchiveLoginOptions {
  readonly env: { readonly CREDENTIALS_DIR: string };
  readonly settings: {
    readonly startupUsers: Readonly<Record<string, string[]>>;
    readonly hubApi: string | undefined;
  };
  /** Has the passwords of those. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly clock: () => Date;
}

export function createArchiveLogin({ env, settings, environment, log, clock }: ArchiveLoginOptions): Login {
  const { CREDENTIALS_DIR: directory } = env;
  const { hubApi: url } = settings;
  const login = createLogin({ directory, createUser: settings.startupUsers, environment, log, clock });
  return withHub(login, url === undefined ? undefined : createHubUser({ url, clock }));
}

/** The hub is asked last: what is a credential here never leaves for it. */
export function withHub(login: Login, hubUser: HubUser | undefined): Login {
  return async (headers) => {
    try {
      return asOperator(await login(headers));
    } catch (error) {
      const token = TOKEN.exec(headers['authorization'] ?? '')?.groups?.['token'];
      const isRefused = error instanceof AppError && error.status === 401;
      if (!isRefused || token === undefined || hubUser === undefined) throw error;
      const user = await hubUser(token);
      if (user === undefined) throw error;
      return asUser(user);
    }
  };
}
