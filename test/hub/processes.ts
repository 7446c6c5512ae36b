// Processes of this machine, found by their environment as Linux shows it.
import { readdirSync, readFileSync } from 'node:fs';

/** Those that have all of these variables. */
export function processesWith(variables: Readonly<Record<string, string>>): readonly number[] {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const environment = environmentOf(pid);
      return lines.every((line) => environment.includes(line));
    });
}

function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // It ended meanwhile, or belongs to another user.
  }
}
