// The processor time that a process has used, from /proc: it does not depend on what else the machine does.
import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second for every program, whatever its kernel does inside. */
const TICK_MICROSECONDS = 10_000;

export function cpuMicroseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, in parentheses, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROSECONDS;
}
