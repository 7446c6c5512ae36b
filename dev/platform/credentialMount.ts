// The kubelet's part for the functions: keeps a folder equal to the Secret of the credentials, which may change at any time.
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Credential } from '../../lib/credentials/credential';
import type { CredentialSecret } from '../../lib/credentials/secret';

export interface CredentialMountOptions {
  readonly secret: CredentialSecret;
  readonly directory: string;
  /** Credentials of this machine only, which never reach the cluster. */
  readonly local: Readonly<Record<string, Credential>>;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/** Resolves when the folder is there; follows the Secret until the signal aborts. */
export async function mountCredentials(options: CredentialMountOptions): Promise<void> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  let written = await synchronize(options, '');
  void (async () => {
    while (!options.signal.aborted) {
      await sleep(options.everyMs, undefined, { signal: options.signal, ref: false }).catch(() => undefined);
      // A cluster that does not answer now is asked again; the functions go on with what they have.
      written = await synchronize(options, written).catch(() => written);
    }
  })();
}

async function synchronize(
  { secret, local, directory, signal }: CredentialMountOptions,
  written: string,
): Promise<string> {
  const credentials = new Map<string, Credential | undefined>(await secret.list({ signal }));
  for (const [name, credential] of Object.entries(local)) credentials.set(name, credential);
  const wanted = JSON.stringify([...credentials]);
  if (wanted !== written) await writeAll(directory, credentials);
  return wanted;
}

async function writeAll(directory: string, credentials: ReadonlyMap<string, Credential | undefined>): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!credentials.has(name)) await rm(join(directory, name));
  }
  for (const [name, credential] of credentials) {
    const temporary = join(directory, '..new');
    await writeFile(temporary, JSON.stringify(credential ?? 'broken'), { mode: 0o600 });
    await rename(temporary, join(directory, name));
  }
}
