// Holes of files: newer restic writes them, Debian's 0.14 does not, and what it wrote is dug out again.
import { spawnSync } from 'node:child_process';
import { lstatSync } from 'node:fs';
import type { Restic } from '../restic/restic';
import { entriesOf, statsOf } from '../source/walk';

const SECOND_NS = 1_000_000_000n;
/** Below, a hole saves nothing worth a look at every byte. */
const WORTH_BYTES = 1024 * 1024;

/** `--sparse` came with 0.15. */
export async function knowsSparse(restic: Restic): Promise<boolean> {
  let version = '';
  await restic.run({
    args: ['version'],
    onLine: (line) => {
      version += line;
    },
  });
  const [, major = '0', minor = '0'] = /restic (\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > 0 || Number(minor) >= 15;
}

/** Only ranges of zeros become holes, so contents stay what they are. Where the file system knows none, nothing happens. */
export function digHoles(folder: string): void {
  const large: Buffer[] = [];
  const folders: Buffer[] = [Buffer.from(folder)];
  for (let path = folders.pop(); path !== undefined; path = folders.pop()) {
    for (const entry of entriesOf(path)) {
      const stats = statsOf(entry);
      if (stats?.isDirectory()) folders.push(entry);
      if (stats?.isFile() && stats.size >= WORTH_BYTES) large.push(entry);
    }
  }
  for (const file of large) dig(file);
}

function dig(file: Buffer): void {
  const path = file.toString();
  // A name that is no UTF-8 cannot be an argument; that file stays as long as it is.
  if (!file.equals(Buffer.from(path))) return;
  const { mtimeNs } = lstatSync(file, { bigint: true });
  spawnSync('fallocate', ['--dig-holes', path], { stdio: 'ignore' });
  const [seconds, rest] = [mtimeNs / SECOND_NS, String(mtimeNs % SECOND_NS).padStart(9, '0')];
  spawnSync('touch', ['--time=modify', `--date=@${seconds}.${rest}`, path], { stdio: 'ignore' });
}
