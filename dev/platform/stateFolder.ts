// The folder `.hub-functions`: everything that a run on this machine leaves behind, made afresh by each run unless it is kept.
import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../lib/errors';
import { endOrphans, rememberProcess, type ProcessRecord } from '../cluster/kubelet/processRecord';

export interface StateFolder {
  readonly path: string;
  /** Of the credential that the printed calls use. */
  readonly password: string;
  /** Where the embedded cluster keeps its own. */
  readonly cluster: string;
  readonly remember: (pid: number) => ProcessRecord;
  /** An open file for the output of a function. */
  readonly openLog: (name: string) => number;
  /** Lets the next run have the folder. */
  readonly release: () => void;
}

/** Throws when another run uses the folder. */
export function openStateFolder(path: string, keep: boolean): StateFolder {
  const lock = join(path, 'pid');
  const cluster = join(path, 'cluster');
  refuseIfInUse(lock, path);
  for (const owner of [cluster, path]) endOrphans(owner);
  if (!keep) rmSync(path, { recursive: true, force: true });
  mkdirSync(join(path, 'log'), { recursive: true, mode: 0o700 });
  writeFileSync(lock, String(process.pid));
  return {
    path,
    cluster,
    remember: (pid) => rememberProcess(path, pid),
    password: readOrMake(join(path, 'password')),
    openLog: (name) => openSync(join(path, 'log', `${name}.log`), 'a', 0o600),
    release: () => rmSync(lock, { force: true }),
  };
}

function refuseIfInUse(lock: string, path: string): void {
  const pid = Number(readIfPresent(lock));
  if (pid > 0 && isRunning(pid)) {
    throw new AppError('in_use', 409, `process ${pid} uses ${path}: end it, or start in another folder`);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function readOrMake(file: string): string {
  const present = readIfPresent(file);
  if (present) return present;
  const made = randomBytes(18).toString('base64url');
  writeFileSync(file, made, { mode: 0o600 });
  return made;
}

function readIfPresent(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
