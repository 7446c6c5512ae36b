// rotate: the user's key is replaced by the next one; the old one goes only when the next one was seen to open the repository.
import { existsSync, readFileSync } from 'node:fs';
import type { Context } from '../context';
import { Failure } from '../failure';
import { addKey, listKeys, OWNER, type Key } from '../restic/keys';
import { mustRun } from '../restic/restic';
import { NOTHING, type Done } from '../result';

export async function rotate({ restic, places, progress }: Context): Promise<Done> {
  progress.tell('rotate');
  const before = await keysBy(places.password);
  if (before === undefined) return finished(await keysBy(places.next));
  refuseSame(places.password, places.next);
  if ((await keysBy(places.next)) === undefined) await addKey(restic, places.next, OWNER);
  const after = await keysBy(places.next);
  const [old, next] = [currentOf(before), currentOf(after)];
  if (old === undefined || next === undefined || old === next || isEscrows(after, next)) {
    throw new Failure('WrongKey', 'The next password does not open the repository by itself. The old one still does.');
  }
  await mustRun(restic, { args: ['key', 'remove', old], passwordFile: places.next });
  return { ...NOTHING, message: 'The next password opens the repository, the old one does no more.' };

  /** Undefined when it opens nothing. */
  async function keysBy(file: string): Promise<readonly Key[] | undefined> {
    try {
      return await listKeys(restic, file);
    } catch (error) {
      if (error instanceof Failure && error.reason === 'WrongKey') return undefined;
      throw error;
    }
  }
}

/** Killed after the old one was removed: nothing is left to do. */
function finished(keys: readonly Key[] | undefined): Done {
  if (currentOf(keys) !== undefined) return { ...NOTHING, message: 'The next password is in force already.' };
  throw new Failure(
    'WrongKey',
    'Neither the password nor the next one opens the repository: mount the Secret that it was made with.',
  );
}

function currentOf(keys: readonly Key[] | undefined): string | undefined {
  return keys?.find(({ isCurrent }) => isCurrent)?.id;
}

function isEscrows(keys: readonly Key[] | undefined, id: string): boolean {
  return keys?.some((key) => key.id === id && key.isEscrow) ?? false;
}

function refuseSame(password: string, next: string): void {
  if (!existsSync(next)) throw new Failure('WrongKey', 'There is no next password: mount it as keys/next.');
  if (readFileSync(password).equals(readFileSync(next))) {
    throw new Failure('WrongKey', 'The next password is the one that is in force: make another one.');
  }
}
