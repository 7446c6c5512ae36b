// What an image runs: told once, by CMD in the Dockerfile.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export interface ImageCommand {
  /** Of node; V8 takes compiled code only under the flags that it was made with. */
  readonly nodeOptions: readonly string[];
  readonly script: string;
}

/** Of the Dockerfile in the working directory. */
export function imageCommand(): ImageCommand {
  const [, words] = /^CMD (\[.+\])$/m.exec(readFileSync(resolve('Dockerfile'), 'utf8')) ?? [];
  if (words === undefined) throw new Error('Dockerfile has no CMD [...]');
  const [, ...nodeOptions] = JSON.parse(words) as readonly string[];
  const script = nodeOptions.pop() ?? '';
  return { nodeOptions, script };
}
