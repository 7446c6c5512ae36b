// Processes that left their group (daemons, `setsid`) are known by a mark in their environment; Linux shows it in /proc.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const MARK = 'HUB_FUNCTIONS_POD';

/** Every process of a pod carries the pod's folder. */
export function podMark(folder: string): Readonly<Record<string, string>> {
  return { [MARK]: folder };
}

/** Ends what still carries the mark of this folder, or of any folder in it. */
export function endMarked(folder: string): void {
  for (const pid of processIds().filter((each) => isMarked(each, folder))) kill(pid);
}

function processIds(): readonly number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 1 && pid !== process.pid);
  } catch {
    return []; // Not Linux: the process groups must do.
  }
}

function isMarked(pid: number, folder: string): boolean {
  try {
    const environment = readFileSync(join('/proc', String(pid), 'environ'), 'utf8').split('\0');
    return environment.some((entry) => `${entry}/`.startsWith(`${MARK}=${folder}/`));
  } catch {
    return false; // Gone meanwhile, or somebody else's.
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    return; // Gone meanwhile.
  }
}
