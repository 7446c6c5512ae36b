// delete: what was kept of an archive goes, and what only it needed; never a held one. What is gone already may be told to go again.
import type { Context } from '../context';
import { Failure } from '../failure';
import { existingSnapshots, forgetSnapshots, isHeld, listSnapshots, partOf, type Snapshot } from '../restic/snapshots';
import type { Done } from '../result';
import { NOTHING } from '../result';
import { prune } from './prune';

export async function remove(context: Context): Promise<Done> {
  const { request, restic, progress } = context;
  const isUnnamed = request.snapshot === 'latest';
  if (isUnnamed && request.tags['archive'] === undefined) {
    throw new Failure('SnapshotMissing', 'Say which snapshot is to go, by its id.');
  }
  progress.tell('delete');
  const read = isUnnamed ? existingSnapshots : listSnapshots;
  const snapshots = await read(restic, request.claim);
  if (snapshots === undefined) return { ...NOTHING, total: 0, message: 'There is no repository, and nothing in it.' };
  const found = meantBy(request, snapshots);
  const held = found.find(isHeld);
  if (held !== undefined) {
    throw new Failure('SnapshotHeld', `Snapshot ${held.id.slice(0, 8)} is held: it stays until nobody holds it.`);
  }
  await forgetSnapshots(restic, found);
  // Also when it was gone: somebody may have been killed before this.
  await prune(context);
  const message = found.length === 0 ? 'It was gone already.' : 'It is gone.';
  return { ...NOTHING, total: snapshots.length - found.length, message };
}

/** The one that is named, and what movers left of the same archive that were killed before they could name theirs. */
function meantBy({ snapshot, tags }: Context['request'], snapshots: readonly Snapshot[]): readonly Snapshot[] {
  const [own] = partOf(snapshots, tags);
  return snapshots.filter((each) => own.includes(each) || each.id.startsWith(snapshot));
}
