// Makes a repository where there is none, and only there: one that cannot be read must never get a second one on top.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure';
import { folderOf, isEmptyFolder } from './folder';
import { addKey, ESCROW, hintAt, knownKeys } from './keys';
import { mustRun, type Restic } from './restic';

const PARTS = ['data', 'index', 'snapshots'];

export async function initialise(restic: Restic): Promise<void> {
  const folder = folderOf(restic);
  if (folder !== undefined) clearBeginning(folder);
  await mustRun(restic, { args: ['init', '--quiet'] });
}

/** One that was killed in `init` left a key that fits nothing. With any data beside it, it is a repository that lost its config. */
function clearBeginning(folder: string): void {
  if (!PARTS.every((part) => isEmptyFolder(join(folder, part)))) {
    const message =
      'The repository holds data, but no config: restore the file `config` from its own backup. Nothing was written.';
    throw new Failure('RepositoryDamaged', message);
  }
  rmSync(join(folder, 'keys'), { recursive: true, force: true });
}

/** The operator's key, once. A mover without one changes nothing. */
export async function ensureEscrow(restic: Restic, escrow: string): Promise<void> {
  const keys = await knownKeys(restic);
  hintAt(restic, keys);
  if (!existsSync(escrow) || keys.some(({ isEscrow }) => isEscrow)) return;
  await addKey(restic, escrow, ESCROW);
}
