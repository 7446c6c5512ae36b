// The snapshots of a repository as restic lists them, and the one that is meant.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { Failure } from '../failure';
import { folderOf, isEmptyFolder } from './folder';
import { mustRun, readJson, type Restic } from './restic';

const snapshotSchema = z.object({
  id: z.string(),
  time: z.string(),
  tree: z.string(),
  paths: z.array(z.string()).min(1),
  hostname: z.string(),
  parent: z.string().optional(),
  tags: z.array(z.string()).nullish(),
});

export type Snapshot = z.infer<typeof snapshotSchema>;

export const HOLD = 'hold';

/** Oldest first, of one claim. */
export async function listSnapshots(restic: Restic, claim: string): Promise<readonly Snapshot[]> {
  const listed = z
    .array(snapshotSchema)
    .parse((await readJson(restic, { args: ['snapshots', '--json', '--host', claim] })) ?? []);
  return listed.toSorted((one, other) => Date.parse(one.time) - Date.parse(other.time));
}

/** Undefined when there is no repository. Nothing is asked of one that cannot hold any: each question costs half a second. */
export async function existingSnapshots(restic: Restic, claim: string): Promise<readonly Snapshot[] | undefined> {
  const folder = folderOf(restic);
  if (folder !== undefined) {
    if (!existsSync(join(folder, 'config'))) return undefined;
    if (isEmptyFolder(join(folder, 'snapshots'))) return [];
  }
  try {
    return await listSnapshots(restic, claim);
  } catch (error) {
    if (error instanceof Failure && error.reason === 'NoRepository') return undefined;
    throw error;
  }
}

/** Those that were made for the same archive, and the others. */
export function partOf(
  snapshots: readonly Snapshot[],
  { archive }: Readonly<Record<string, string>>,
): readonly [own: readonly Snapshot[], others: readonly Snapshot[]] {
  const isOwn = ({ tags }: Snapshot): boolean => archive !== undefined && (tags ?? []).includes(`archive=${archive}`);
  return [snapshots.filter(isOwn), snapshots.filter((snapshot) => !isOwn(snapshot))];
}

export async function forgetSnapshots(restic: Restic, snapshots: readonly Snapshot[]): Promise<void> {
  if (snapshots.length === 0) return;
  await mustRun(restic, { args: ['forget', '--quiet', ...snapshots.map(({ id }) => id)] });
}

/** By the beginning of its id, or the latest. */
export function chooseSnapshot(snapshots: readonly Snapshot[], wanted: string): Snapshot {
  const found = wanted === 'latest' ? snapshots.at(-1) : snapshots.find(({ id }) => id.startsWith(wanted));
  if (found !== undefined) return found;
  const what = wanted === 'latest' ? 'no snapshot of this claim' : `no snapshot ${wanted} of this claim`;
  throw new Failure('SnapshotMissing', `The repository holds ${what}: list what is there.`);
}

export async function findSnapshot(restic: Restic, claim: string, wanted: string): Promise<Snapshot> {
  return chooseSnapshot(await listSnapshots(restic, claim), wanted);
}

/** Throws when the tree is another than the one that was told when the snapshot was made. */
export function compareTree({ id, tree }: Snapshot, expected: string | undefined): void {
  if (expected === undefined || expected === tree) return;
  const message = `Snapshot ${id.slice(0, 8)} has another tree than when it was made: do not trust it, use an older one.`;
  throw new Failure('DigestMismatch', message);
}

export function isHeld({ tags }: Snapshot): boolean {
  return tags?.includes(HOLD) ?? false;
}

/** Where the claim's root was, and is in the tree. */
export function sourceOf({ paths }: Snapshot): string {
  return paths[0] ?? '/';
}

/** What a backup notes of the source. */
export function countIn({ tags }: Snapshot, name: 'files' | 'bytes' | 'sparse'): number | undefined {
  const text = tags?.find((tag) => tag.startsWith(`${name}=`))?.slice(name.length + 1);
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
}

/** As restic's `--tag` takes them; `hold` alone is what keeps. */
export function tagArguments(tags: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(tags).flatMap(([name, value]) => {
    if (name !== HOLD) return ['--tag', `${name}=${value}`];
    return value === 'false' || value === '' ? [] : ['--tag', HOLD];
  });
}
