// Packs the input folder of a description: a gzipped tar whose only root entry is `input/`, as base64 without line breaks.
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';

export interface ArchiveFile {
  /** Where the bytes are now. */
  readonly source: string;
  /** Path below `input/` in the archive. */
  readonly target: string;
  readonly mode: number;
  readonly modified: Date;
}

/** Folders are created by every unpacker on the way; only files are listed. */
export async function packInput(files: readonly ArchiveFile[]): Promise<string> {
  const { pack } = await import('tar-stream');
  const tar = pack();
  const packed = buffer(tar.pipe(createGzip({ level: 9 })));
  tar.entry({ name: 'input', type: 'directory', mode: 0o755 });
  for (const { source, target, mode, modified } of files) {
    tar.entry({ name: `input/${target}`, mode, mtime: modified }, await readFile(source));
  }
  tar.finalize();
  return (await packed).toString('base64');
}
