// restore: a snapshot, or one path of it, becomes the content of a new claim; it is in its place only when all of it has arrived.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../context';
import { Failure } from '../failure';
import { compareTree, findSnapshot, sourceOf, type Snapshot } from '../restic/snapshots';
import { NOTHING, type Done } from '../result';
import { walk } from '../source/walk';
import { fetchAll, fetchPath } from '../target/fetch';
import { closeStaging, completeRoot, moveToPlace, openStaging } from '../target/staging';

/** `close` takes away the last trace of how the claim was filled, once the result is told. */
export interface Restored {
  readonly done: Done;
  readonly snapshot: Snapshot;
  readonly close: () => void;
}

export async function restore(context: Context): Promise<Restored> {
  const { request, places, progress } = context;
  const staging = openStaging(places.target, `${request.snapshot} ${request.path ?? ''}`);
  progress.tell('look');
  const snapshot = staging.isComplete ? await find(context) : await fill(context, staging.folder);
  moveToPlace(places.target, staging.isComplete ? completeRoot(places.target) : rootIn(staging.folder, snapshot));
  const { files, bytes } = await walk(places.target);
  const done = { ...NOTHING, snapshot: snapshot.id, treeDigest: snapshot.tree, files, bytes };
  return { done, snapshot, close: () => closeStaging(places.target) };
}

async function find({ request, restic }: Context): Promise<Snapshot> {
  const snapshot = await findSnapshot(restic, request.claim, request.snapshot);
  compareTree(snapshot, request.treeDigest);
  return snapshot;
}

async function fill(context: Context, folder: string): Promise<Snapshot> {
  const { request } = context;
  const { path } = request;
  const snapshot = await (isFetchedBlindly(request) ? bothOf(context, folder) : find(context));
  if (path !== undefined) await fetchPath(context, { snapshot, folder, path });
  else if (!isFetchedBlindly(request)) await fetchAll(context, { id: snapshot.id, folder, snapshot });
  if (!existsSync(rootIn(folder, snapshot))) {
    throw new Failure(
      'SnapshotMissing',
      'The snapshot holds nothing of this claim: use an older one. The target is empty.',
    );
  }
  return snapshot;
}

/** A whole snapshot that is named is fetched while it is looked up: whatever is wrong with it fails the restore either way. */
function isFetchedBlindly({ snapshot, path }: Context['request']): boolean {
  return snapshot !== 'latest' && path === undefined;
}

async function bothOf(context: Context, folder: string): Promise<Snapshot> {
  const finding = find(context);
  // Its total is told as soon as it is known.
  const [found, fetched] = await Promise.allSettled([
    finding,
    fetchAll(context, { id: context.request.snapshot, folder, snapshot: finding }),
  ]);
  if (found.status === 'rejected') throw found.reason;
  if (fetched.status === 'rejected') throw fetched.reason;
  return found.value;
}

function rootIn(folder: string, snapshot: Snapshot): string {
  return join(folder, sourceOf(snapshot));
}
