// Users that configuration and environment bring along, as the original created them at its start; they live in memory only.
import type { Log } from '../log';
import type { Credential } from './credential';
import { hashPassword } from './passwordHash';

export interface StartupUser {
  readonly name: string;
  readonly groups: readonly string[];
  readonly superuser: boolean;
  readonly password: string;
}

export interface StartupUserSources {
  /** `startup.create_user` of the configuration: groups by name. */
  readonly createUser: Readonly<Record<string, readonly string[]>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Pick<Log, 'info'>;
}

export function readStartupUsers({ createUser, environment, log }: StartupUserSources): readonly StartupUser[] {
  const admin = environment.SUPERUSER_PASS;
  const users: StartupUser[] = admin ? [{ name: 'admin', groups: [], superuser: true, password: admin }] : [];
  for (const [name, groups] of Object.entries(createUser)) {
    const password = environment[`${name.toUpperCase()}_USER_PASS`];
    if (!password) log.info('startup user has no password and is skipped', { credential: name });
    else if (name !== 'admin' || !admin) users.push({ name, groups, superuser: false, password });
  }
  return users;
}

/** Hashed, so that finding out that a password is wrong takes as long for them as for everyone. */
export async function hashStartupUser({ password, groups, superuser }: StartupUser): Promise<Credential> {
  return { password: await hashPassword(password), tokens: [], groups: [...groups], active: true, superuser };
}
