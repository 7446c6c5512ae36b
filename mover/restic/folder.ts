// A repository that is a folder of a volume: some things are told by its files, without a process that opens it.
import { existsSync, readdirSync } from 'node:fs';
import type { Restic } from './restic';

/** Undefined when it is elsewhere. */
export function folderOf({ environment }: Restic): string | undefined {
  return environment.RESTIC_REPOSITORY.startsWith('/') ? environment.RESTIC_REPOSITORY : undefined;
}

/** True also when it does not exist. */
export function isEmptyFolder(folder: string): boolean {
  return (
    !existsSync(folder) ||
    !readdirSync(folder, { withFileTypes: true, recursive: true }).some((entry) => entry.isFile())
  );
}
