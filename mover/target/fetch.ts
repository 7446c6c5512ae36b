// Runs `restic restore` into a folder, tells how full it gets, and lets restic read back what it wrote.
import { chmodSync, chownSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../context';
import { Failure, failureOfRestore } from '../failure';
import { readNodes, unixMode, type SnapshotNode } from '../restic/nodes';
import { countIn, sourceOf, type Snapshot } from '../restic/snapshots';
import { digHoles, knowsSparse } from './sparse';
import { ancestorsOf, asPattern } from './paths';
import { watchFilling } from './filling';

interface Fetching {
  readonly id: string;
  readonly folder: string;
  readonly snapshot: Snapshot | Promise<Snapshot>;
  /** Of restic's patterns; everything when absent. */
  readonly pattern?: string;
}

export async function fetchAll(context: Context, { id, folder, snapshot, pattern }: Fetching): Promise<void> {
  const { restic, places } = context;
  const isSparse = await knowsSparse(restic);
  const only = pattern === undefined ? [] : ['--include', pattern];
  const holes = isSparse ? ['--sparse'] : [];
  const stop = watchFilling(context, Promise.resolve(snapshot));
  const { code, said } = await restic
    .run({
      args: ['restore', id, '--target', folder, '--verify', ...holes, ...only],
    })
    .finally(stop);
  if (code !== 0) throw failureOfRestore(said, places.target);
  if (!isSparse && (countIn(await snapshot, 'sparse') ?? 0) > 0) digHoles(folder);
}

interface PathFetching {
  readonly snapshot: Snapshot;
  readonly folder: string;
  /** Relative to the claim's root. */
  readonly path: string;
}

/** The folders on the way get their owners and modes as well: restic gives them to what it was asked for only. */
export async function fetchPath(context: Context, { snapshot, folder, path }: PathFetching): Promise<void> {
  const source = sourceOf(snapshot);
  const wanted = join(source, path);
  const ancestors = ancestorsOf(source, path);
  const nodes = await readNodes(context.restic, snapshot.id, [...ancestors, wanted]);
  if (!nodes.has(wanted)) {
    throw new Failure(
      'PathMissing',
      `Snapshot ${snapshot.id.slice(0, 8)} does not hold ${path}: look for its name there. The target is empty.`,
    );
  }
  await fetchAll(context, { id: snapshot.id, folder, snapshot, pattern: asPattern(wanted) });
  for (const ancestor of ancestors.toReversed()) {
    const node = nodes.get(ancestor);
    if (node !== undefined) dress(join(folder, ancestor), node);
  }
}

function dress(folder: string, node: SnapshotNode): void {
  if (process.getuid?.() === 0) chownSync(folder, node.uid, node.gid);
  chmodSync(folder, unixMode(node));
  const time = new Date(node.mtime);
  utimesSync(folder, time, time);
}
