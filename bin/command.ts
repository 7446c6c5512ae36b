// What a subcommand of hubfn is, and what it may use of the terminal it runs in.
import type { Writable } from 'node:stream';
import { isNativeError } from 'node:util/types';
import { AppError } from '../lib/errors';
import type { Connection } from '../lib/kube/connect';

export interface ClusterChoice {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

export interface Terminal {
  readonly write: (text: string) => void;
  /** What is said beside the output. */
  readonly writeError: (text: string) => void;
  readonly readInput: () => Promise<string>;
  readonly connect: (choice: ClusterChoice) => Promise<Connection>;
  readonly clock: () => Date;
  /** Where `write` writes to: for what is too long to be held in memory. */
  readonly output: Writable;
  /** Width of the terminal; absent where the output is none. */
  readonly columns?: number | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Command {
  /** The words that choose it: `credentials add`. */
  readonly name: string;
  readonly summary: string;
  /** What follows the name, then one line per option. */
  readonly usage: string;
  /** Those that are not passed on to somebody else; all when absent. */
  readonly ownArguments?: (args: readonly string[]) => readonly string[];
  /** Throws what `usageError` makes for wrong arguments, any other error for a failure; may answer an exit code. */
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<number | void>;
}

/** The message says what is wrong and how it is put right. */
export function usageError(message: string): AppError {
  return new AppError('usage', 400, message);
}

/** Of ours, or of Node's parser of arguments. */
export function isUsageError(error: unknown): boolean {
  const code = isNativeError(error) && 'code' in error ? String(error.code) : '';
  return code === 'usage' || code.startsWith('ERR_PARSE_ARGS');
}
