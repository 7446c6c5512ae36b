// list: the snapshots of a claim, newest first.
import type { Context } from '../context';
import { countIn, isHeld, listSnapshots, type Snapshot } from '../restic/snapshots';
import { NOTHING, type Done, type ListedSnapshot } from '../result';

export async function list({ request, restic }: Context): Promise<Done> {
  const snapshots = await listSnapshots(restic, request.claim);
  return { ...NOTHING, total: snapshots.length, snapshots: snapshots.toReversed().map(toListed) };
}

/** Half of an id is more than enough to find it again, and lets twice as many fit. */
const ID_DIGITS = 32;

function toListed(snapshot: Snapshot): ListedSnapshot {
  const [files, bytes] = [countIn(snapshot, 'files'), countIn(snapshot, 'bytes')];
  return {
    id: snapshot.id.slice(0, ID_DIGITS),
    time: new Date(snapshot.time).toISOString(),
    ...(files !== undefined && { files }),
    ...(bytes !== undefined && { bytes }),
    ...(isHeld(snapshot) && { hold: true as const }),
  };
}
