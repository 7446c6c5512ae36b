// Who may call a function: the mounted credentials, and the users that the configuration names.
import type { Log } from '../log';
import { createAuthenticator, type Authenticate } from './authenticator';
import { readStartupUsers } from './startupUsers';

export interface LoginOptions {
  readonly directory: string;
  /** `startup.create_user` of config.json. */
  readonly createUser: Readonly<Record<string, string[]>>;
  /** Has the passwords of those. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly clock: () => Date;
}

export function createLogin({ directory, createUser, environment, log, clock }: LoginOptions): Authenticate {
  const startupUsers = readStartupUsers({ createUser, environment, log });
  return createAuthenticator({ directory, startupUsers, log, clock });
}
