// The mounted Secret as a folder: one file per credential, read again when it changed, looked at once a second at most.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../log';
import { FLAT_SLASH } from '../mountedFiles';
import { credentialName, parseCredential, type Credential } from './credential';

export type Credentials = ReadonlyMap<string, Credential>;

export interface DirectoryOptions {
  readonly directory: string;
  readonly log: Pick<Log, 'error'>;
  readonly clock: () => Date;
}

const lookEveryMs = 1_000;

/** What a broken file stands for: nobody can log in with it, and no other source takes its name. */
const refused: Credential = { tokens: [], groups: [], active: false };

/** The same map as long as the folder is unchanged, so whatever is derived from it can be kept beside it. */
export function createCredentialDirectory(options: DirectoryOptions): () => Promise<Credentials> {
  let credentials: Credentials = new Map();
  let fingerprint: string | undefined;
  let lookAgainAt = 0;
  let looking: Promise<void> | undefined;
  const read = createReader(options);

  async function look(): Promise<void> {
    const seen = await fingerprintOf(options.directory);
    if (seen !== fingerprint) credentials = await read();
    fingerprint = seen;
    lookAgainAt = options.clock().getTime() + lookEveryMs;
  }

  return async () => {
    if (options.clock().getTime() >= lookAgainAt) {
      looking ??= look().finally(() => (looking = undefined));
      await looking;
    }
    return credentials;
  };
}

function createReader({ directory, log }: DirectoryOptions): () => Promise<Credentials> {
  const reported = new Set<string>();

  async function readCredential(name: string): Promise<Credential | undefined> {
    const text = await present(readFile(join(directory, name), 'utf8')).catch(() => 'unreadable');
    if (text === undefined) return undefined;
    const credential = parseCredential(text);
    // Where all Secrets are mounted in one folder, this is a file of a description.
    if (!credential && name.includes(FLAT_SLASH)) return undefined;
    if (credential) reported.delete(name);
    else if (!reported.has(name)) log.error('credential cannot be read', { credential: name });
    if (!credential) reported.add(name);
    return credential ?? refused;
  }

  return async () => {
    const credentials = new Map<string, Credential>();
    for (const name of await credentialNames(directory)) {
      const credential = await readCredential(name);
      if (credential) credentials.set(name, credential);
    }
    return credentials;
  };
}

/** The kubelet swaps `..data` in one step; a plain folder is told by its files. */
async function fingerprintOf(directory: string): Promise<string> {
  const mounted = await present(stat(join(directory, '..data')));
  if (mounted) return `${mounted.ino} ${mounted.mtimeMs}`;
  const files = (await credentialNames(directory)).map(async (name) => {
    const file = await present(stat(join(directory, name)));
    return `${name} ${file?.ino} ${file?.mtimeMs} ${file?.size}`;
  });
  return (await Promise.all(files)).join('\n');
}

async function credentialNames(directory: string): Promise<readonly string[]> {
  const names = (await present(readdir(directory))) ?? [];
  return names.filter((name) => credentialName.safeParse(name).success).sort();
}

async function present<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (typeof error === 'object' && error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
