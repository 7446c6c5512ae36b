// Finds out who makes a request: Basic or Token against the mounted credentials, at the price of one hash once a login is known.
import { timingSafeEqual } from 'node:crypto';
import type { Log } from '../log';
import { parseAuthorization, unauthenticated, type Login } from './authorization';
import type { Caller } from './caller';
import { digestToken, type Credential } from './credential';
import { createCredentialDirectory, type Credentials } from './directory';
import { createDecoyHash, matchesPassword, parsePasswordHash } from './passwordHash';
import { createQueue } from './queue';
import { createRecentLogins, type RecentLogins } from './recentLogins';
import { hashStartupUser, type StartupUser } from './startupUsers';

export type Authenticate = (headers: Readonly<Record<string, string>>) => Promise<Caller>;

export interface AuthenticatorOptions {
  readonly directory: string;
  readonly startupUsers: readonly StartupUser[];
  readonly log: Pick<Log, 'error'>;
  readonly clock: () => Date;
}

interface Accounts {
  readonly stored: Credentials;
  readonly all: Credentials;
  readonly recent: RecentLogins;
}

const rememberedLogins = 1_000;

export function createAuthenticator({ startupUsers, ...source }: AuthenticatorOptions): Authenticate {
  const readDirectory = createCredentialDirectory(source);
  const check = createLoginCheck();
  let startup: Promise<Credentials> | undefined;
  let accounts: Accounts | undefined;

  /** Rebuilt only when the folder changed, and with it everything remembered is dropped. */
  async function currentAccounts(): Promise<Accounts> {
    startup ??= hashAll(startupUsers);
    const [existing, stored] = await Promise.all([startup, readDirectory()]);
    if (accounts?.stored !== stored) {
      accounts = { stored, all: new Map([...existing, ...stored]), recent: createRecentLogins(rememberedLogins) };
    }
    return accounts;
  }

  return async ({ authorization = '' }) => {
    const { all, recent } = await currentAccounts();
    return recent.find(authorization, async () => check(parseAuthorization(authorization), all));
  };
}

function createLoginCheck(): (login: Login, credentials: Credentials) => Promise<Caller> {
  const queue = createQueue({ running: 2, waiting: 64 });
  const decoy = createDecoyHash();

  async function checkPassword(name: string, password: string, credential?: Credential): Promise<Caller> {
    const expected = parsePasswordHash(credential?.password ?? '') ?? decoy;
    const matches = await queue(() => matchesPassword(password, expected));
    if (!matches || !credential?.active) throw unauthenticated('Invalid username/password.');
    return toCaller(name, credential);
  }

  return async (login, credentials) => {
    if (login.scheme === 'token') return checkToken(login.token, credentials);
    return checkPassword(login.name, login.password, credentials.get(login.name));
  };
}

function checkToken(token: string, credentials: Credentials): Caller {
  const digest = Buffer.from(digestToken(token), 'hex');
  for (const [name, credential] of credentials) {
    const matches = credential.tokens.some(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, 'hex'), digest));
    if (matches && !credential.active) throw unauthenticated('User inactive or deleted.');
    if (matches) return toCaller(name, credential);
  }
  throw unauthenticated('Invalid token.');
}

async function hashAll(users: readonly StartupUser[]): Promise<Credentials> {
  return new Map(await Promise.all(users.map(async (user) => [user.name, await hashStartupUser(user)] as const)));
}

function toCaller(name: string, { groups, superuser = false }: Credential): Caller {
  return { name, groups, superuser };
}
