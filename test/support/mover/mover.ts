// A mover as its pod runs it, with folders of this machine in place of mounts, and the real restic.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '../eventually';
import type { Result } from '../../../mover/result';

const PROGRAM = resolve(process.env['DIST_DIR'] ?? 'dist', 'mover/index.js');

export interface Told {
  readonly code: number | null;
  /** As Kubernetes would find it; undefined when it was killed before. */
  readonly result: (Result & Readonly<Record<string, unknown>>) | undefined;
  readonly output: string;
}

export interface Running {
  readonly told: Promise<Told>;
  readonly child: ChildProcess;
  /** The whole pod at once, as a node that is lost takes it. */
  readonly kill: () => void;
  readonly output: () => string;
}

export interface MoverWorld {
  readonly root: string;
  readonly repository: string;
  readonly at: (...steps: readonly string[]) => string;
  readonly write: (path: string, content: string) => void;
  /** `AS_USER` in its environment is the number of a user to be. */
  readonly start: (request: object, environment?: Readonly<Record<string, string>>) => Running;
  readonly run: (request: object, environment?: Readonly<Record<string, string>>) => Promise<Told>;
  /** restic by hand, with the user's password unless another is named; its standard output. */
  readonly restic: (args: readonly string[], password?: string) => string;
  /** A new, empty claim as target. */
  readonly freshTarget: () => void;
  readonly remove: () => void;
}

export interface WorldOptions {
  readonly repository?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export function createMoverWorld({ repository, environment = {} }: WorldOptions = {}): MoverWorld {
  const root = mkdtempSync(join(tmpdir(), 'hub-functions-mover-'));
  const at = (...steps: readonly string[]): string => join(root, ...steps);
  for (const folder of ['source', 'target', 'keys', 'cache']) mkdirSync(at(folder));
  writeFileSync(at('keys/password'), 'of the user');
  const place = repository ?? at('repository');
  const common = {
    PATH: process.env['PATH'] ?? '',
    RESTIC_REPOSITORY: place,
    RESTIC_CACHE_DIR: at('cache'),
    ...environment,
  };
  const start: MoverWorld['start'] = (request, own = {}) => {
    rmSync(at('result'), { force: true });
    const asked = JSON.stringify({ user: 'ada', claim: 'claim-ada', ...request });
    const mounts = { MOVER_ROOT: root, MOVER_TERMINATION_LOG: at('result'), PORT: '0', LISTEN_HOST: '127.0.0.1' };
    const env = { ...common, ...mounts, MOVER_LOCK_WAIT_SECONDS: '0', MOVER_REQUEST: asked, ...own };
    const as = own['AS_USER'] === undefined ? {} : { uid: Number(own['AS_USER']), gid: Number(own['AS_USER']) };
    const child = spawn(process.execPath, [PROGRAM], { env, ...as, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    const told = once(child, 'close').then(([code]) => ({
      code: code as number | null,
      result: readResult(at('result')),
      output,
    }));
    return { told, child, kill: () => killGroup(child), output: () => output };
  };
  return {
    root,
    repository: place,
    at,
    start,
    run: async (request, own) => start(request, own).told,
    write: (path, content) => {
      mkdirSync(join(at(path), '..'), { recursive: true });
      writeFileSync(at(path), content);
    },
    restic: (args, password = 'password') => {
      const env = { ...common, RESTIC_PASSWORD_FILE: at('keys', password) };
      return execFileSync('restic', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    },
    freshTarget: () => {
      rmSync(at('target'), { recursive: true, force: true });
      mkdirSync(at('target'));
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Of the progress that it tells. */
export async function untilPhase({ output }: Running, phase: string): Promise<void> {
  await eventually(async () => (output().includes(`"phase":"${phase}"`) ? true : undefined), 30);
}

function readResult(file: string): Told['result'] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Told['result']) : undefined;
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
