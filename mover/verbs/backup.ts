// backup: the source becomes a snapshot, unless it looks like the rest of one.
import type { Context } from '../context';
import { Failure } from '../failure';
import { ensureEscrow, initialise } from '../restic/initialise';
import { countIn, existingSnapshots, findSnapshot, forgetSnapshots, partOf, type Snapshot } from '../restic/snapshots';
import type { Done } from '../result';
import { changedBetween, judgeChanges, judgeSource, type Expected } from '../source/judge';
import { statsOf, walk, type Sight } from '../source/walk';
import { takeSnapshot, type Taken } from './takeSnapshot';

export async function backup(context: Context): Promise<Done> {
  const { request, places, restic, progress } = context;
  if (statsOf(Buffer.from(places.source))?.isDirectory() !== true) {
    throw new Failure('SourceMissing', 'There is no source: mount the claim there. Nothing was written.');
  }
  progress.tell('look');
  const [before, snapshots] = await Promise.all([walk(places.source), existingSnapshots(restic, request.claim)]);
  const [own, others] = partOf(snapshots ?? [], request.tags);
  // Of a mover that was killed before it could tell: nobody would know of them.
  await forgetSnapshots(restic, own);
  const parent = others.at(-1);
  judgeSource(before, expectedOf(context, parent));
  if (snapshots === undefined) await initialise(restic);
  await ensureEscrow(restic, places.escrow);
  return confirm(context, { before, parent, taken: await takeSnapshot(context, before) });
}

function expectedOf({ request }: Context, parent: Snapshot | undefined): Expected {
  const before = parent === undefined ? {} : { files: countIn(parent, 'files'), bytes: countIn(parent, 'bytes') };
  return { ...before, minFiles: request.sourceExpected.minFiles, mayShrink: isAllowed(request.tags, 'allowShrink') };
}

function isAllowed(tags: Readonly<Record<string, string>>, name: string): boolean {
  return tags[name] !== undefined && tags[name] !== 'false';
}

interface Attempt {
  readonly before: Sight;
  readonly parent: Snapshot | undefined;
  readonly taken: Taken;
}

/** A snapshot that may not stay is dropped at once: whoever counts snapshots must not take it for a good one. */
async function confirm(context: Context, { before, parent, taken }: Attempt): Promise<Done> {
  const { request, places, restic, progress } = context;
  progress.tell('confirm');
  const [after, snapshot] = await Promise.all([
    walk(places.source, before.newestMs),
    findSnapshot(restic, request.claim, taken.snapshot),
  ]);
  const changed = Math.max(changedBetween(before, after), taken.vanished);
  try {
    judgeUnread(taken);
    judgeChanges(changed, before.files, isAllowed(request.tags, 'allowChanges'));
  } catch (error) {
    await forgetSnapshots(restic, [snapshot]);
    throw error;
  }
  return {
    snapshot: snapshot.id,
    ...(parent !== undefined && { parent: parent.id }),
    files: before.files,
    bytes: before.bytes,
    added: taken.added,
    changedWhileRead: changed,
    treeDigest: snapshot.tree,
    newestChange: new Date(before.newestMs).toISOString(),
  };
}

function judgeUnread({ unread, unreadExample }: Taken): void {
  if (unread === 0) return;
  const message = `${unread} entries of the source could not be read (${unreadExample ?? ''}): let the mover read all that the user owns. The snapshot was dropped.`;
  throw new Failure('SourceTruncated', message);
}
