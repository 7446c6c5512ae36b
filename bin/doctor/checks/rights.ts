// What the caller may not do of what the installation needs. Pure.
import type { Right } from '../../../lib/kube/look';
import type { Facts } from '../facts';
import { fail, ok, type Finding } from '../finding';

const SHOWN = 8;

export function rights({ denied, namespace }: Facts): Finding {
  const check = 'rights';
  if (denied.length === 0) return ok(check, `you may install in namespace ${namespace}`);
  const lines = summary(denied);
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : [];
  return fail(
    check,
    `in namespace ${namespace} you may not ${[...lines.slice(0, SHOWN), ...more].join('; ')}`,
    `an administrator says: kubectl -n ${namespace} create rolebinding hub-functions-installer --clusterrole admin --user YOU`,
  );
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
