// Puts a process on one core, where the system can: server and load generator then share none.
import { spawnSync } from 'node:child_process';

/** False where there is no taskset. */
export function pin(pid: number, cores: string): boolean {
  return spawnSync('taskset', ['-a', '-c', '-p', cores, String(pid)], { stdio: 'ignore' }).status === 0;
}
