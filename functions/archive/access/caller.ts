// Whose archives somebody may see: an operator everybody's, a hub's user his own. Pure.
import type { Caller } from '../../../lib/credentials/caller';

/** May do everything here. */
export const OPERATORS = 'access_to_archives';
/** May see, download and restore; whose archives, `scopeOf` tells. Nobody has it in a credential: `asCaller` gives it. */
export const OWNERS = 'own_archives';

export type Scope = { readonly everybody: true } | { readonly user: string };

export function scopeOf(caller: Caller | undefined): Scope {
  if (caller === undefined) throw new Error('a route of this function is open');
  return isOperator(caller) ? { everybody: true } : { user: caller.name };
}

/** A login by the credentials of the functions: its groups are the operator's, but this one. */
export function asOperator(caller: Caller): Caller {
  const groups = caller.groups.filter((group) => group !== OWNERS);
  return { ...caller, groups: isOperator(caller) ? [...groups, OWNERS] : groups };
}

export function asUser(name: string): Caller {
  return { name, groups: [OWNERS], superuser: false };
}

export function isInScope(scope: Scope, { user }: { readonly user: string }): boolean {
  return 'everybody' in scope || scope.user === user;
}

function isOperator({ groups, superuser }: Caller): boolean {
  return superuser || groups.includes(OPERATORS);
}
