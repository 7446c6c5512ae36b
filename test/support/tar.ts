// Reads a gzipped tar archive of a test whole: names and contents.
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';

export async function unpackTar(archive: Buffer): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {};
  const entries = Readable.from([archive]).pipe(createGunzip()).pipe(extract());
  for await (const entry of entries) {
    const { name, type } = entry.header;
    files[type === 'directory' ? `${name.replace(/\/$/, '')}/` : name] = await text(entry);
  }
  return files;
}
