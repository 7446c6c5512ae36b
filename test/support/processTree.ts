// Processes of this machine and what they started, from /proc.
import { readdirSync, readFileSync } from 'node:fs';

export function descendantsOf(pid: number): readonly number[] {
  const children = childrenOf(pid);
  return [...children, ...children.flatMap(descendantsOf)];
}

/** Whose command line has all the words. */
export function processesWith(words: readonly string[]): readonly number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => words.every((word) => commandLineOf(pid).includes(word)));
}

/** At once, and without an error where it ended by itself. */
export function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself, with its parent.
  }
}

function childrenOf(pid: number): readonly number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

function commandLineOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`);
}

/** Empty where it ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
