// Reads a tar archive of a test whole, gzipped or not: names and contents.
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';

export async function unpackTar(archive: Buffer): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {};
  const whole = Readable.from([archive]);
  const entries = (isGzip(archive) ? whole.pipe(createGunzip()) : whole).pipe(extract());
  for await (const entry of entries) {
    const { name, type } = entry.header;
    files[type === 'directory' ? `${name.replace(/\/$/, '')}/` : name] = await text(entry);
  }
  return files;
}

function isGzip([first, second]: Buffer): boolean {
  return first === 0x1f && second === 0x8b;
}
