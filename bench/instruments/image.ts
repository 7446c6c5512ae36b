// A function as its image runs it; `npm run bench` has made what is in there.
import { basename, resolve } from 'node:path';
import { imageCommand } from '../../dev/images/command';

/** Arguments of node. */
export function inImage(name: string): readonly string[] {
  const { nodeOptions, script } = imageCommand();
  return [...nodeOptions, resolve('dist/images', name, basename(script))];
}
