// Which program a container runs, found the way its runtime would.
import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Values } from '../controllers/wire';
import type { Container } from './environment';
import { expand } from './expansion';
import { containerFault, startFault } from './faults';
import { defaultCommand } from './images';
import type { Rewrite } from './rewriting';

export interface CommandContext {
  /** For `$(NAME)`. */
  readonly values: Values;
  /** Where programs are looked for: PATH. */
  readonly path: string;
  readonly cwd: string;
  readonly rewrite: Rewrite;
}

export interface Command {
  /** Where the program lies. */
  readonly path: string;
  readonly args: readonly string[];
}

/** args alone follow the image's own command; a command replaces it. */
export function containerCommand(container: Container, context: CommandContext): Command {
  const { command = [], args = [] } = container;
  const words = [...(command.length > 0 ? command : (defaultCommand(container.image ?? '') ?? [])), ...args];
  return resolveCommand(words, context);
}

/** Throws as containerd would tell it. */
export function resolveCommand(
  words: readonly string[],
  { values, path: searched, cwd, rewrite }: CommandContext,
): Command {
  const [program, ...args] = words.map((word) => rewrite(expand(word, values)));
  if (!program) {
    throw containerFault('CreateContainerError', 'failed to generate container spec: no command specified');
  }
  if (program.includes('/')) return { path: checked(program, cwd), args };
  const path = searched
    .split(':')
    .filter(isAbsolute)
    .map((folder) => join(folder, program))
    .find(isExecutable);
  if (path === undefined) throw startFault(`exec: "${program}": executable file not found in $PATH`);
  return { path, args };
}

function checked(program: string, cwd: string): string {
  const path = isAbsolute(program) ? program : join(cwd, program);
  if (isExecutable(path)) return path;
  const isThere = statSync(path, { throwIfNoEntry: false }) !== undefined;
  const why = isThere ? 'permission denied' : `stat ${program}: no such file or directory`;
  throw startFault(`exec: "${program}": ${why}`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
