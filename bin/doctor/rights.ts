// What an installation asks of the one who makes it: to write its objects, and to hold what its roles grant. Pure.
import type { Right } from '../../lib/kube/look';
import type { KubeObject } from '../../lib/kube/objects';
import type { InstalledKind } from './facts';

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs?: readonly string[];
}

/** Of `kubectl apply`. */
const WRITING = ['get', 'create', 'patch'];

/** Every object of each kind is written. */
export function writingRights(kinds: readonly InstalledKind[], namespace: string): readonly Right[] {
  return kinds.flatMap(({ apiVersion, resource }) =>
    resource === undefined ? [] : toWrite({ group: groupOf(apiVersion), resource, namespace }),
  );
}

/** Of `hubfn credentials add`, and on OpenFaaS of all settings. */
export function secretRights(namespace: string): readonly Right[] {
  return toWrite({ group: '', resource: 'secrets', namespace });
}

function toWrite(kind: Omit<Right, 'verb'>): readonly Right[] {
  return WRITING.map((verb) => ({ ...kind, verb }));
}

/** Nobody can grant what they may not do themselves: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping */
export function grantedRights(manifests: readonly KubeObject[], namespace: string): readonly Right[] {
  const roles = manifests.filter(({ kind }) => kind === 'Role');
  const all = roles.flatMap(({ rules }) => ((rules ?? []) as readonly Rule[]).flatMap((rule) => rightsOf(rule)));
  const unique = new Map(all.map((right) => [JSON.stringify(right), right]));
  return [...unique.values()].map((right) => ({ ...right, namespace }));
}

function rightsOf({ apiGroups = [], resources = [], resourceNames, verbs = [] }: Rule): readonly Right[] {
  const names = resourceNames === undefined ? [{}] : resourceNames.map((name) => ({ name }));
  return apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) => names.map((limit) => ({ verb, group, resource, ...limit }))),
    ),
  );
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}
