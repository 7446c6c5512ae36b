// Tells whether what a task makes is there already, and newer than what it is made from.
import { stat } from 'node:fs/promises';
import type { Task } from './taskFile';

type Files = Pick<Task, 'inputs' | 'outputs'>;

/** Never, for a task that names no outputs. */
export async function isUpToDate({ inputs, outputs }: Files, isByTime: boolean): Promise<boolean> {
  const made = await Promise.all(outputs.map(changedAt));
  if (made.length === 0 || made.includes(undefined)) return false;
  if (!isByTime) return true;
  const used = await Promise.all(inputs.map(changedAt));
  if (used.includes(undefined)) return false;
  return used.every((input) => made.every((output) => Number(output) >= Number(input)));
}

/** Undefined when there is no such file. */
async function changedAt(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(String((error as NodeJS.ErrnoException).code))) return undefined;
    throw error;
  }
}
