// The Python side: a virtual environment with what requirements.txt names, made once per machine and content.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const REQUIREMENTS = join(__dirname, 'requirements.txt');
const INSTALL_TIMEOUT_MS = 280_000;

/** Answers the folder of its programs. */
export async function provideVenv(): Promise<string> {
  const python = process.env['PYTHON'] ?? 'python3';
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'hub-functions');
  const venv = join(cache, `venv-${await contentHash(python)}`);
  if (!existsSync(venv)) await createVenv(python, venv);
  return join(venv, 'bin');
}

async function contentHash(python: string): Promise<string> {
  const { stdout } = await run(python, ['--version']);
  const requirements = await readFile(REQUIREMENTS, 'utf8');
  return createHash('sha256').update(stdout).update(requirements).digest('hex').slice(0, 12);
}

/** Its programs name their own folder, so it cannot be moved when it is complete: a link appears instead. */
async function createVenv(python: string, venv: string): Promise<void> {
  const id = randomBytes(4).toString('hex');
  const folder = `${venv}.${id}`;
  await mkdir(folder, { recursive: true });
  try {
    await run(python, ['-m', 'venv', folder]);
    const install = ['install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS];
    await run(join(folder, 'bin', 'pip'), install, { timeout: INSTALL_TIMEOUT_MS });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const link = `${folder}.link`;
  await symlink(folder, link);
  await rename(link, venv);
}
