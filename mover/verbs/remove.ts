// delete: one snapshot goes, and what only it needed; never a held one. One that is gone already may be told to go again.
import type { Context } from '../context';
import { Failure } from '../failure';
import { mustRun } from '../restic/restic';
import { isHeld, listSnapshots } from '../restic/snapshots';
import type { Done } from '../result';
import { NOTHING } from '../result';
import { prune } from './prune';

export async function remove(context: Context): Promise<Done> {
  const { request, restic, progress } = context;
  if (request.snapshot === 'latest') throw new Failure('SnapshotMissing', 'Say which snapshot is to go, by its id.');
  progress.tell('delete');
  const snapshots = await listSnapshots(restic, request.claim);
  const found = snapshots.find(({ id }) => id.startsWith(request.snapshot));
  if (found !== undefined && isHeld(found)) {
    throw new Failure('SnapshotHeld', `Snapshot ${found.id.slice(0, 8)} is held: it stays until nobody holds it.`);
  }
  if (found !== undefined) await mustRun(restic, { args: ['forget', '--quiet', found.id] });
  // Also when it was gone: somebody may have been killed before this.
  await prune(context);
  const total = snapshots.length - (found === undefined ? 0 : 1);
  return { ...NOTHING, total, message: found === undefined ? 'It was gone already.' : 'It is gone.' };
}
