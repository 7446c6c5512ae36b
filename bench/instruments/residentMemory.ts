// The memory that a process occupies.
import { readFileSync } from 'node:fs';

export function residentMib(pid: number): number {
  return toMib(/^VmRSS:\s+(\d+) kB$/m, pid);
}

/** The most that it has ever occupied. */
export function peakMib(pid: number): number {
  return toMib(/^VmHWM:\s+(\d+) kB$/m, pid);
}

function toMib(line: RegExp, pid: number): number {
  const [, kib = ''] = line.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}
