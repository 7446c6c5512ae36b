// The keys of a repository: the user's, and the operator's, which is labelled and added once.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { folderOf } from './folder';
import { mustRun, readJson, type Restic } from './restic';

/** Who a key belongs to; restic keeps it in clear beside the encrypted part. */
export const ESCROW = 'escrow';
export const OWNER = 'owner';
const KEEPER = 'hub-functions';

const fileSchema = z.object({ username: z.string() });
const listedSchema = z.array(z.object({ current: z.boolean(), id: z.string(), userName: z.string() }));

export interface Key {
  readonly id: string;
  readonly isEscrow: boolean;
  /** Whether the password opened this one; unknown where the files were read instead of asking. */
  readonly isCurrent: boolean;
}

/** With the user's password, or another. */
export async function listKeys(restic: Restic, passwordFile?: string): Promise<readonly Key[]> {
  const args = ['key', 'list', '--json'];
  const listed = await readJson(restic, passwordFile === undefined ? { args } : { args, passwordFile });
  return listedSchema
    .parse(listed)
    .map(({ id, current, userName }) => ({ id, isCurrent: current, isEscrow: userName === ESCROW }));
}

/** In a folder their labels can be read without opening anything, which saves half a second. */
export async function knownKeys(restic: Restic): Promise<readonly Key[]> {
  const folder = folderOf(restic);
  return folder === undefined ? listKeys(restic) : keysIn(folder);
}

function keysIn(folder: string): readonly Key[] {
  if (!existsSync(join(folder, 'keys'))) return [];
  return readdirSync(join(folder, 'keys')).flatMap((id) => {
    const username = usernameIn(join(folder, 'keys', id));
    return username === undefined ? [] : [{ id, isEscrow: username === ESCROW, isCurrent: false }];
  });
}

/** Undefined when the file is none of a key; restic says so if it matters. */
function usernameIn(file: string): string | undefined {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).username;
  } catch {
    return undefined;
  }
}

/** The user's key is tried first from now on, where it can be told without asking. */
export function hintByLabel(restic: Restic): void {
  const folder = folderOf(restic);
  if (folder !== undefined) hintAt(restic, keysIn(folder));
}

/** What opens is tried first from now on. */
export function hintAt(restic: Restic, keys: readonly Key[]): void {
  const users = keys.filter(({ isEscrow }) => !isEscrow);
  const opening = users.find(({ isCurrent }) => isCurrent) ?? (users.length === 1 ? users[0] : undefined);
  if (opening !== undefined) restic.hint(opening.id);
}

export async function addKey(restic: Restic, file: string, label: string): Promise<void> {
  const labels = ['--user', label, '--host', KEEPER];
  await mustRun(restic, { args: ['key', 'add', ...labels, '--new-password-file', file] });
}
