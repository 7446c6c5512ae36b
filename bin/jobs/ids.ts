// The ids that a command is given.
import { usageError } from '../command';

/** What can be the name of a Job: nothing else has to be asked for. */
const ID = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

export function idsOf(words: readonly string[]): readonly string[] {
  const wrong = words.find((word) => !ID.test(word));
  if (wrong !== undefined) throw usageError(`${wrong} is no id of a job: see hubfn jobs list`);
  if (words.length === 0) throw usageError('the ID of the job is missing: see hubfn jobs list');
  return [...new Set(words)];
}

export function idOf(words: readonly string[]): string {
  const [id = '', ...others] = idsOf(words);
  if (others.length > 0) throw usageError(`one ID at a time, not also ${others.join(' ')}`);
  return id;
}
