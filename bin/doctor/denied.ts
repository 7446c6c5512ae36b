// Asks what the caller may not do of what the installation needs; with one question of each namespace where they may do everything.
import type { Right } from '../../lib/kube/look';
import type { KubeObject } from '../../lib/kube/objects';
import type { InstalledKind } from './facts';
import { grantedRights, secretRights, writingRights } from './rights';

export interface Wanted {
  readonly manifests: readonly KubeObject[];
  readonly kinds: readonly InstalledKind[];
  readonly namespace: string;
  readonly functionsNamespace: string;
}

type MayDo = (right: Right) => Promise<boolean>;

export async function deniedRights(
  { manifests, kinds, namespace, functionsNamespace }: Wanted,
  mayDo: MayDo,
): Promise<readonly Right[]> {
  const anything = { verb: '*', group: '*', resource: '*' };
  const everywhere = [...new Set([namespace, functionsNamespace])].map((each) => ({ ...anything, namespace: each }));
  if ((await denied(everywhere, mayDo)).length === 0) return [];
  const roles = { group: 'rbac.authorization.k8s.io', resource: 'roles', namespace };
  const beyondOwn = [
    { ...roles, verb: 'escalate' },
    { ...roles, verb: 'bind' },
  ];
  const [writing, mayGrant] = await Promise.all([
    denied([...writingRights(kinds, namespace), ...secretRights(functionsNamespace)], mayDo),
    denied(beyondOwn, mayDo).then((refused) => refused.length === 0),
  ]);
  return mayGrant ? writing : [...writing, ...(await denied(grantedRights(manifests, namespace), mayDo))];
}

async function denied(rights: readonly Right[], mayDo: MayDo): Promise<readonly Right[]> {
  const allowed = await Promise.all(rights.map(mayDo));
  return rights.filter((_, index) => allowed[index] !== true);
}
