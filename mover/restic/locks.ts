// Locks that somebody left behind: those of the dead are removed, those of the living are waited for.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { Failure, failureOf } from '../failure';
import { folderOf } from './folder';
import { mustRun, readJson, type Call, type Restic } from './restic';

const lockSchema = z.object({ hostname: z.string() });

export interface Patience {
  /** Host names that are known to run no more. */
  readonly dead: readonly string[];
  readonly seconds: number;
  readonly now: () => number;
}

const PAUSE_MS = 2_000;

/** A restic whose commands clear the locks of the dead, and wait a while for the living. */
export function patient(restic: Restic, patience: Patience): Restic {
  return {
    ...restic,
    run: async (call) => {
      const until = patience.now() + patience.seconds * 1000;
      for (let isFirst = true; ; isFirst = false) {
        const ran = await restic.run(call);
        const isLocked = ran.code !== 0 && failureOf(ran.said).reason === 'RepositoryLocked';
        if (!isLocked) return ran;
        const isOver = patience.now() >= until;
        if (isOver && !isFirst) return ran;
        const wereAllDead = await removeDeadLocks(restic, patience.dead);
        if (isOver && !wereAllDead) return ran;
        if (!wereAllDead) await sleep(PAUSE_MS);
      }
    },
  };
}

/** True when none is left. What restic calls stale: of a process of this host that is gone, or not renewed for 30 minutes. */
async function removeDeadLocks(restic: Restic, dead: readonly string[]): Promise<boolean> {
  await mustRun(restic, { args: ['unlock', '--quiet'] });
  const locks = await listLocks(restic);
  const left = locks.filter(({ hostname }) => !dead.includes(hostname));
  const folder = folderOf(restic);
  // In a folder exactly those of the dead go, whoever comes in the meantime; elsewhere restic knows only all of them.
  if (folder !== undefined) {
    for (const { id, hostname } of locks)
      if (dead.includes(hostname)) await rm(join(folder, 'locks', id), { force: true });
  } else if (locks.length > 0 && left.length === 0) {
    await mustRun(restic, { args: ['unlock', '--remove-all', '--quiet'] });
  }
  return left.length === 0;
}

interface Lock {
  readonly id: string;
  readonly hostname: string;
}

async function listLocks(restic: Restic): Promise<readonly Lock[]> {
  const ids: string[] = [];
  await mustRun(restic, {
    args: ['list', 'locks', '--no-lock', '--quiet'],
    onLine: (line) => void ids.push(line.trim()),
  });
  const locks = await Promise.all(
    ids.filter((id) => /^[0-9a-f]{64}$/.test(id)).map(async (id) => readLock(restic, id)),
  );
  return locks.filter((lock) => lock !== undefined);
}

/** Undefined when it is gone by now. */
async function readLock(restic: Restic, id: string): Promise<Lock | undefined> {
  const call: Call = { args: ['cat', 'lock', id, '--no-lock', '--quiet'] };
  try {
    return { id, hostname: lockSchema.parse(await readJson(restic, call)).hostname };
  } catch (error) {
    if (error instanceof Failure && error.reason === 'Interrupted') throw error;
    return undefined;
  }
}
