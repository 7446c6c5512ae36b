// Logins as docker, podman and buildah keep them: config.json, auth.json. Pure.
import * as z from 'zod';
import { DOCKER_HUB, repositoryText, type Repository } from '../reference';

const entry = z.object({ auth: z.string().optional(), identitytoken: z.string().optional() });

export const loginFile = z.object({
  auths: z.record(z.string(), entry).default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().optional(),
});

export type LoginFile = z.infer<typeof loginFile>;

export interface Login {
  readonly user: string;
  readonly password: string;
  /** In exchange for tokens, in place of a password. */
  readonly identityToken?: string;
}

/** A program that keeps it, and how the registry is called there. */
export interface Kept {
  readonly helper: string;
  readonly server: string;
}

/** From a part of the registry to all of it; docker calls its own one by an old address. */
function keysOf(repository: Repository): readonly string[] {
  const parts = repositoryText(repository).split('/');
  const narrow = parts.map((_part, index) => parts.slice(0, parts.length - index).join('/'));
  const { host } = repository;
  const old = host === DOCKER_HUB ? ['https://index.docker.io/v1/', 'index.docker.io', 'registry-1.docker.io'] : [];
  return [
    ...narrow,
    ...old,
    `https://${host}`,
    `http://${host}`,
    ...['v1', 'v2'].flatMap((version) => [`https://${host}/${version}/`]),
  ];
}

/** Undefined where the file has nothing for it. */
export function loginIn(
  { auths, credHelpers, credsStore }: LoginFile,
  repository: Repository,
): Login | Kept | undefined {
  const keys = keysOf(repository);
  const helped = keys.find((key) => credHelpers[key] !== undefined);
  const helper = helped === undefined ? undefined : credHelpers[helped];
  if (helped !== undefined && helper !== undefined) return { helper, server: helped };
  const known = keys.find((key) => auths[key] !== undefined);
  const login = known === undefined ? undefined : loginOf(auths[known] ?? {});
  if (login !== undefined || credsStore === undefined) return login;
  const server = repository.host === DOCKER_HUB ? 'https://index.docker.io/v1/' : repository.host;
  return { helper: credsStore, server: known ?? server };
}

/** Undefined where the login is elsewhere: with a store, docker leaves an empty entry. */
function loginOf({ auth = '', identitytoken }: z.infer<typeof entry>): Login | undefined {
  const text = Buffer.from(auth, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0)
    return identitytoken === undefined ? undefined : { user: '', password: '', identityToken: identitytoken };
  const [user, password] = [text.slice(0, colon), text.slice(colon + 1).replace(/\0+$/, '')];
  return { user, password, ...(identitytoken !== undefined && { identityToken: identitytoken }) };
}

const answer = z.object({ Username: z.string(), Secret: z.string() });
/** What a helper says in place of a user's name. */
const TOKEN_USER = '<token>';

/** Of a helper; undefined where it is none. */
export function loginFromHelper(value: unknown): Login | undefined {
  const { data } = answer.safeParse(value);
  if (data === undefined) return undefined;
  const { Username: user, Secret: secret } = data;
  return user === TOKEN_USER ? { user: '', password: '', identityToken: secret } : { user, password: secret };
}
