// A new claim that is filled: everything arrives in a folder of ours, and is moved to its place when it is complete.
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure';
import { isUsers, OURS } from '../source/walk';

export interface Staging {
  /** Where to put what is to come. */
  readonly folder: string;
  /** True when a mover before was killed while it moved: all had arrived. */
  readonly isComplete: boolean;
}

/** `what` tells one restore from another; one that was interrupted begins anew, as only the same one may. */
export function openStaging(target: string, what: string): Staging {
  const ours = join(target, OURS);
  const [folder, complete] = [join(ours, 'data'), join(ours, 'complete')];
  if (!existsSync(target)) throw new Failure('Unknown', 'There is no target: mount the new claim there.');
  const others = readdirSync(target).filter(isUsers);
  const isComplete = existsSync(complete);
  if (others.length > 0 && !isComplete) throw notEmpty(others.length);
  if (![undefined, '', what].includes(whatOf(ours))) throw notEmpty(1);
  if (!isComplete) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(ours, 'what'), what);
  }
  return { folder, isComplete };
}

/** Undefined when it was killed before it had said so. */
function whatOf(ours: string): string | undefined {
  const file = join(ours, 'what');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function notEmpty(entries: number): Failure {
  const message = `The target holds ${entries} entries that are not of this restore: use a new claim. Nothing was written.`;
  return new Failure('TargetNotEmpty', message);
}

/** May be repeated at any point. `root` is the folder in the staging that stands for the claim's root. */
export function moveToPlace(target: string, root: string): void {
  const complete = join(target, OURS, 'complete');
  if (!existsSync(complete)) writeFileSync(complete, root);
  for (const name of readdirSync(root, { encoding: 'buffer' })) renameSync(below(root, name), below(target, name));
  const { mode, uid, gid, atime, mtime } = lstatSync(root);
  if (process.getuid?.() === 0) chownSync(target, uid, gid);
  chmodSync(target, mode);
  utimesSync(target, atime, mtime);
}

/** Where the staging of one that was killed has its root. */
export function completeRoot(target: string): string {
  return readFileSync(join(target, OURS, 'complete'), 'utf8');
}

/** The last step: from now on the target is a user's only, with the time of its folder as it was. */
export function closeStaging(target: string): void {
  const { atime, mtime } = lstatSync(target);
  rmSync(join(target, OURS), { recursive: true, force: true });
  utimesSync(target, atime, mtime);
}

function below(folder: string, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), name]);
}
