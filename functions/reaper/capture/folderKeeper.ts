// Where captured logs go when the operator has mounted a folder for them: whole, one file each, there only when it is complete.
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AppError } from '../../../lib/errors';
import type { Keeper } from './keeper';

interface OpenFile {
  readonly handle: FileHandle;
  readonly path: string;
  bytes: number;
}

/** `id` is that of the job. */
export function folderKeeper(root: string, id: string): Keeper {
  const folder = folderOf(root, id);
  const files = new Map<number, OpenFile>();
  const opened = async (log: number): Promise<OpenFile> => {
    const known = files.get(log);
    if (known !== undefined) return known;
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${randomUUID()}.part`);
    const file = { handle: await open(path, 'wx', 0o640), path, bytes: 0 };
    files.set(log, file);
    return file;
  };
  return {
    add: async (log, segment) => {
      const file = await opened(log);
      await file.handle.appendFile(gzipSync(segment));
      file.bytes += segment.length;
    },
    close: async (log) => {
      const file = files.get(log);
      if (file === undefined) return;
      await file.handle.sync();
      await file.handle.close();
      await rename(file.path, join(folder, nameOf(log)));
    },
    kept: (log) => {
      const file = files.get(log);
      return file === undefined ? { keptBytes: 0 } : { keptBytes: file.bytes, file: `${id}/${nameOf(log)}` };
    },
    binaryData: () => ({}),
    discard: async () => {
      for (const { handle, path } of files.values()) {
        await handle.close().catch(() => undefined);
        await rm(path, { force: true });
      }
    },
  };
}

/** With the record of a job its files go, too. */
export async function removeFolder(root: string, id: string): Promise<void> {
  await rm(folderOf(root, id), { recursive: true, force: true });
}

/** Names of Jobs are safe as parts of a path; that something else comes here would be a fault of ours. */
function folderOf(root: string, id: string): string {
  if (!/^[a-z0-9][-a-z0-9]*$/.test(id))
    throw new AppError('unsafe_name', 500, 'The name of a job is no part of a path.');
  return join(root, id);
}

function nameOf(log: number): string {
  return `log-${log}.gz`;
}
