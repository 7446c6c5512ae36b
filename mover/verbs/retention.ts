// Which snapshots a policy lets go. Pure.
import type { Request } from '../request';
import { HOLD, isHeld, type Snapshot } from '../restic/snapshots';

/** The newest one stays whatever the policy says. */
export function keepArguments(keep: Request['keep']): readonly string[] {
  const { last = 0, ...others } = keep;
  const rules = Object.entries({ ...others, last: Math.max(1, last) });
  return [...rules.flatMap(([name, value]) => (value ? [`--keep-${name}`, String(value)] : [])), '--keep-tag', HOLD];
}

/** `protectedId` is one that must not go, such as the last that was proven; checked here once more, beside held ones and the newest. */
export function mayGo(
  snapshots: readonly Snapshot[],
  planned: readonly string[],
  protectedId: string,
): readonly Snapshot[] {
  const newest = snapshots.at(-1)?.id;
  return snapshots.filter(
    (snapshot) =>
      planned.includes(snapshot.id) &&
      snapshot.id !== newest &&
      !isHeld(snapshot) &&
      !snapshot.id.startsWith(protectedId),
  );
}
