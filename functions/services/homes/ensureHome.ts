// Mode "folder": makes the home of a user from the skeleton, whole or not at all. An existing home is never touched.
import { randomBytes } from 'node:crypto';
import { lchown, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../../lib/errors';
import { globMatcher } from '../../../lib/glob';
import type { HomeRequest } from './place';
import { placeOf } from './place';
import type { HomesSettings } from './settings';
import { copySkeleton, missing } from './skeleton';

export interface System {
  readonly now: () => Date;
  readonly chown: (path: string, uid: number, gid: number) => Promise<void>;
}

const LEFTOVER = /^\.-?\d+\.[0-9a-f]{16}\.tmp$/;
const LEFTOVER_AGE_MS = 3_600_000;

export async function ensureHome(settings: HomesSettings, request: HomeRequest, system = localSystem()): Promise<void> {
  if (settings.mode !== 'folder') return;
  const { group, user } = placeOf(settings, request);
  const home = join(settings.base, group, user);
  try {
    if (!(await exists(home))) await makeHome(settings, { home, skeleton: join(settings.skel, group) }, system);
  } catch (error) {
    throw error instanceof AppError ? error : failure(home, error);
  }
}

function localSystem(): System {
  return { now: () => new Date(), chown: lchown };
}

interface Paths {
  readonly home: string;
  readonly skeleton: string;
}

/** In a folder beside the home until it is complete, so that nobody ever sees half a home. */
async function makeHome(settings: HomesSettings, { home, skeleton }: Paths, system: System): Promise<void> {
  const folder = dirname(home);
  const attempt = join(folder, `.${basename(home)}.${randomBytes(8).toString('hex')}.tmp`);
  await mkdir(folder, { recursive: true });
  await removeLeftovers(folder, system.now());
  try {
    await copySkeleton(skeleton, attempt, globMatcher(settings.skel_ignore_files));
    await giveAway(attempt, settings, system);
    await moveIntoPlace(attempt, home);
  } finally {
    await rm(attempt, { recursive: true, force: true });
  }
}

/** Somebody else may have made the same home meanwhile: theirs stays. rename alone would replace an empty folder. */
async function moveIntoPlace(attempt: string, home: string): Promise<void> {
  if (await exists(home)) return;
  await rename(attempt, home).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

async function giveAway(path: string, settings: HomesSettings, system: System): Promise<void> {
  if ((await lstat(path)).isDirectory())
    for (const name of await readdir(path)) await giveAway(join(path, name), settings, system);
  const { uid, gid } = settings;
  await system.chown(path, uid, gid).catch((cause: unknown) => {
    throw new AppError('home_owner', 500, ownerAdvice(uid, gid), { cause, fields: { path } });
  });
}

function ownerAdvice(uid: number, gid: number): string {
  return (
    `A new home cannot be given to ${uid}:${gid}: run the function as this user and group, give it the capability CHOWN, ` +
    'change userhomes.uid and userhomes.gid, or set userhomes.mode to initContainer.'
  );
}

/** What a crash left behind; a younger one may be somebody's attempt. */
async function removeLeftovers(folder: string, now: Date): Promise<void> {
  const names = (await readdir(folder)).filter((name) => LEFTOVER.test(name));
  for (const path of names.map((name) => join(folder, name))) {
    const entry = await lstat(path).catch(missing);
    if (entry && now.getTime() - entry.mtimeMs > LEFTOVER_AGE_MS) await rm(path, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(missing)) !== undefined;
}

function failure(home: string, cause: unknown): AppError {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new AppError('home_failed', 500, `The home of the user could not be made${code}.`, {
    cause,
    fields: { home },
  });
}
