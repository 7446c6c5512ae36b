// `node dist/dev/images/assemble.js`: fills dist/images/<name>/ with all that an image holds, of functions compiled code included.
import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { startEmbedded } from '../platform/embedded';
import { openInstallation } from './installation';
import { warmUp } from './warmUp';

const FUNCTIONS = 'dist/functions';
const IMAGES = 'dist/images';
/** Runs to its end in a pod of its own: what it does takes longer than its start. */
const MOVER = 'mover';
/** Of the service that is started on the way: this Node, and tar. */
const PATH = [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);

async function assemble(): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), 'hub-functions-images-'));
  const cluster = await startEmbedded(stateDir, { PATH });
  try {
    const installation = openInstallation(stateDir, cluster);
    for (const name of readdirSync(FUNCTIONS)) {
      const folder = fill(name, join(FUNCTIONS, name));
      await warmUp(folder, installation);
      cpSync('images/ask.cjs', join(folder, 'ask.cjs'));
      openForAll(folder);
    }
    openForAll(fill(MOVER, join('dist', MOVER)));
  } finally {
    await cluster.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

function fill(name: string, bundle: string): string {
  const folder = resolve(IMAGES, name);
  rmSync(folder, { recursive: true, force: true });
  cpSync(bundle, folder, { recursive: true });
  cpSync('images/start.cjs', join(folder, 'start.cjs'));
  return folder;
}

/** In the image it belongs to root and is read by others, whatever umask it was built under. */
function openForAll(folder: string): void {
  const inside = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));
  for (const path of [folder, ...inside]) chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
}

assemble().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
