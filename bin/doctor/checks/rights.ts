// What the caller may not do of what the installation needs. Pure.
import type { Right } from '../../../lib/kube/look';
import type { Facts } from '../facts';
import { fail, ok, type Finding } from '../finding';

const SHOWN = 8;

export function rights({ denied, namespace, functionsNamespace }: Facts): Finding {
  const check = 'rights';
  const names = [...new Set([namespace, functionsNamespace])];
  if (denied.length === 0) return ok(check, `you may install in namespace ${names.join(' and ')}`);
  const lacking = names.filter((name) => denied.some((right) => right.namespace === name));
  return fail(
    check,
    lacking.map((name) => `in namespace ${name} you may not ${listed(denied, name)}`).join('; '),
    `an administrator says: ${lacking.map(bindingIn).join(' && ')}`,
  );
}

function listed(denied: readonly Right[], namespace: string): string {
  const lines = summary(denied.filter((right) => right.namespace === namespace));
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : [];
  return [...lines.slice(0, SHOWN), ...more].join('; ');
}

function bindingIn(namespace: string): string {
  return `kubectl -n ${namespace} create rolebinding hub-functions-installer --clusterrole admin --user YOU`;
}

/** `create, patch brokers.eventing.knative.dev`: the verbs of each kind together. */
function summary(denied: readonly Right[]): readonly string[] {
  const verbsOf = new Map<string, Set<string>>();
  for (const { verb, group, resource, name } of denied) {
    const kind = group === '' ? resource : `${resource}.${group}`;
    const what = name === undefined ? kind : `${kind} ${name}`;
    verbsOf.set(what, (verbsOf.get(what) ?? new Set()).add(verb));
  }
  return [...verbsOf].map(([kind, verbs]) => `${[...verbs].join(', ')} ${kind}`);
}
