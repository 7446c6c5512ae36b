// The tag that says what an image is made of: a hash of its build context and of build arguments. Pure.
import { createHash } from 'node:crypto';
import type { BuildArguments } from './dockerfile';

/** As git tells them apart: a file, one that may be executed, a link. */
export type Mode = '100644' | '100755' | '120000';

export interface Entry {
  /** In the build context, with slashes. */
  readonly path: string;
  readonly mode: Mode;
  /** SHA-256 of the contents, of a link of its target; in hexadecimal. */
  readonly digest: string;
}

const TAG_LENGTH = 12;

/**
 * One line for each file, in the order of the paths' bytes; then those of build arguments that were given by hand.
 * docs/images.md tells how to compute the same with git and sha256sum.
 */
export function contentTag(entries: readonly Entry[], buildArguments: BuildArguments): string {
  const files = entries.toSorted((one, other) => byBytes(one.path, other.path));
  const lines = files.map(({ mode, digest, path }) => `${mode} ${digest} ${path}\0`);
  const args = Object.entries(buildArguments).toSorted(([one], [other]) => byBytes(one, other));
  const given = args.map(([name, value]) => `arg ${name}=${value}\0`);
  return createHash('sha256')
    .update([...lines, ...given].join(''))
    .digest('hex')
    .slice(0, TAG_LENGTH);
}

/** Not by any language's alphabet: it differs between machines. */
function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
