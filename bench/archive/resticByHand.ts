// What both sides work on: a folder of many files, and a repository with the user's key and the operator's, made by restic itself.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomFillSync } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { timed } from '../instruments/interleave';

const BYTES_EACH = 105_000;
const FILES_A_FOLDER = 100;
const MOVER = resolve('dist/mover/index.js');

/** Of one side. */
export interface Place {
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
}

export function openPlace(root: string): Place {
  for (const folder of ['keys', 'cache', 'target']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'keys/password'), 'of the user');
  writeFileSync(join(root, 'keys/escrow'), 'of the operator');
  const environment = {
    PATH: process.env['PATH'] ?? '',
    RESTIC_REPOSITORY: join(root, 'repository'),
    RESTIC_CACHE_DIR: join(root, 'cache'),
    RESTIC_PASSWORD_FILE: join(root, 'keys/password'),
  };
  return { root, environment };
}

/** Contents that neither compress nor repeat. */
export function makeFiles(folder: string, files: number): void {
  const content = Buffer.alloc(BYTES_EACH);
  for (let index = 0; index < files; index += 1) {
    const inner = join(folder, String(Math.floor(index / FILES_A_FOLDER)));
    if (index % FILES_A_FOLDER === 0) mkdirSync(inner, { recursive: true });
    writeFileSync(join(inner, String(index)), randomFillSync(content));
  }
}

/** Both sides begin with the same: no snapshot, no cache, nothing left to be written to the disk. */
export function freshRepository({ root, environment }: Place): void {
  for (const folder of ['repository', 'cache']) rmSync(join(root, folder), { recursive: true, force: true });
  const quiet = { env: environment, stdio: 'ignore' } as const;
  execFileSync('restic', ['init'], quiet);
  execFileSync('restic', ['key', 'add', '--user', 'escrow', '--new-password-file', join(root, 'keys/escrow')], quiet);
  execFileSync('sync');
}

export function freshTarget({ root }: Place): void {
  rmSync(join(root, 'target'), { recursive: true, force: true });
  mkdirSync(join(root, 'target'));
  execFileSync('sync');
}

/** How long restic takes, in milliseconds. */
export async function byHand({ environment }: Place, args: readonly string[]): Promise<number> {
  return timed(async () => succeeds('restic', args, environment));
}

/** How long a mover takes, from the start of its process to its result. */
export async function byMover({ root, environment }: Place, request: object): Promise<number> {
  const env = {
    ...environment,
    MOVER_ROOT: root,
    MOVER_TERMINATION_LOG: join(root, 'result'),
    MOVER_REQUEST: JSON.stringify({ user: 'bench', claim: 'bench', ...request }),
  };
  return timed(async () => succeeds(process.execPath, [MOVER], env));
}

/** Of the last one that a mover made. */
export function snapshotOf({ root }: Place): string {
  return (JSON.parse(readFileSync(join(root, 'result'), 'utf8')) as { readonly snapshot: string }).snapshot;
}

async function succeeds(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(program, args, { env, stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${program} ${args[0] ?? ''} ended with ${code}`);
}
