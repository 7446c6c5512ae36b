// Where claims get their volumes from. Pure.
import type { Facts } from '../facts';
import { hidden, ok, valueOf, warn, type Finding } from '../finding';

const CHECK = 'storage';
const MAKE_DEFAULT =
  'kubectl patch storageclass NAME -p \'{"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}}\'';

export function storageClasses({ storageClasses: seen }: Facts): Finding {
  if (seen.outcome === 'forbidden') return hidden(CHECK, 'storage classes');
  const classes = valueOf(seen) ?? [];
  if (classes.length === 0) {
    return warn(
      CHECK,
      'there is no storage class: claims wait for ever',
      'install a provisioner, or make volumes by hand',
    );
  }
  const defaults = classes.filter(({ isDefault }) => isDefault).map(({ name }) => name);
  const [first] = defaults;
  if (first === undefined) {
    const names = classes.map(({ name }) => name).join(', ');
    return warn(CHECK, `none of ${names} is the default: claims that name no class wait for ever`, MAKE_DEFAULT);
  }
  const kept = classes.filter(({ reclaimPolicy }) => reclaimPolicy === 'Retain').map(({ name }) => name);
  const retained =
    kept.length > 0 ? `${kept.join(', ')} keeps volumes of deleted claims` : 'none keeps volumes of deleted claims';
  return ok(CHECK, `${first} is the default; ${retained}`);
}

export function snapshots({ snapshotClasses: seen }: Facts): Finding {
  const names = valueOf(seen) ?? [];
  return ok('snapshots', names.length > 0 ? names.join(', ') : 'none, and none are needed');
}

/** Movers of several nodes want to mount it. */
export function sharedClaims({ nodes, singleNodeClaims: claims }: Facts): Finding {
  const check = 'shared claims';
  const count = valueOf(nodes);
  if (count === undefined) return hidden(check, 'the nodes');
  if (count <= 1 || claims.length === 0)
    return ok(check, count === 1 ? 'one node mounts all of them' : 'any node can mount them');
  return warn(
    check,
    `${claims.join(', ')} can be mounted on one node at a time, and there are ${count}: movers wait for each other`,
    'give it a class that several nodes can mount (ReadWriteMany), or keep archives on S3: docs/archive.md',
  );
}
