// What `hubfn credentials add` gives a credential, new or existing; never takes anything away but the old password.
import { hashPassword } from '../../lib/credentials/passwordHash';
import { digestToken, type Credential } from '../../lib/credentials/credential';
import { usageError } from '../command';

export interface Grant {
  readonly groups: readonly string[];
  readonly superuser: boolean;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  readonly label?: string | undefined;
}

const defaultGroups = ['access_to_webservice'];

export async function applyGrant(existing: Credential | undefined, grant: Grant, now: Date): Promise<Credential> {
  if (existing && isEmpty(grant)) throw alreadyExists();
  const { password, token, label } = grant;
  const { groups, tokens, ...rest } = existing ?? newCredential(grant);
  const created = { created: now.toISOString(), ...(label !== undefined && { label }) };
  return {
    ...rest,
    ...(password !== undefined && { password: await hashPassword(password) }),
    ...(grant.superuser && { superuser: true }),
    groups: [...new Set([...groups, ...grant.groups])],
    tokens: token === undefined ? tokens : [...tokens, { sha256: digestToken(token), ...created }],
  };
}

function newCredential({ groups }: Grant): Credential {
  return { tokens: [], groups: groups.length === 0 ? defaultGroups : [], active: true };
}

function isEmpty({ groups, superuser, password, token }: Grant): boolean {
  return groups.length === 0 && !superuser && password === undefined && token === undefined;
}

function alreadyExists(): Error {
  return usageError('it exists already: give --token, --password-stdin, --password-file or --group to add to it');
}
