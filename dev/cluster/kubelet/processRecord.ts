// Remembers on disk which processes were started, so that a later run can end what a crashed one left behind.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ProcessRecord {
  readonly forget: () => void;
}

interface Remembered {
  readonly pid: number;
  /** Tells a process from a later one with the same id. */
  readonly startTime: string;
}

const FOLDER = 'processes';

/** To be called right after the start: what is not written down is not found again. */
export function rememberProcess(stateDir: string, pid: number): ProcessRecord {
  const path = join(stateDir, FOLDER, `${pid}.json`);
  mkdirSync(join(stateDir, FOLDER), { recursive: true });
  writeFileSync(path, JSON.stringify({ pid, startTime: startTimeOf(pid) ?? '' } satisfies Remembered));
  return { forget: () => rmSync(path, { force: true }) };
}

/** Ends the process groups of a former run that are still there; answers how many. */
export function endOrphans(stateDir: string): number {
  const folder = join(stateDir, FOLDER);
  const orphans = remembered(folder).filter(isSameProcess);
  for (const { pid } of orphans) killGroup(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
  return orphans.length;
}

function remembered(folder: string): readonly Remembered[] {
  try {
    return readdirSync(folder).flatMap((name) => readRecord(join(folder, name)) ?? []);
  } catch {
    return []; // Nothing was ever started here.
  }
}

function readRecord(path: string): Remembered | undefined {
  try {
    const record = JSON.parse(readFileSync(path, 'utf8')) as Partial<Remembered>;
    const { pid = 0, startTime = '' } = record;
    return pid > 1 ? { pid, startTime } : undefined;
  } catch {
    return undefined; // Half written when the machine went down: its process did, too.
  }
}

/** A group without its leader is still the same group: its id is not given away before all are gone. */
function isSameProcess({ pid, startTime }: Remembered): boolean {
  const now = startTimeOf(pid);
  return now === undefined || now === startTime;
}

/** Sends to the whole process group; false when nobody is left in it. */
export function killGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

export function startTimeOf(pid: number): string | undefined {
  try {
    return process.platform === 'linux' ? linuxStartTime(pid) : psStartTime(pid);
  } catch {
    return undefined;
  }
}

/** Field 22 of stat, counted after the name, which may hold blanks and brackets. */
function linuxStartTime(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function psStartTime(pid: number): string | undefined {
  const output = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return output.trim() || undefined;
}
