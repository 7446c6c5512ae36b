// What a subcommand of hubfn is, and what it may use of the terminal it runs in.
import { AppError } from '../lib/errors';
import type { Connection } from '../lib/kube/connect';

export interface ClusterChoice {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

export interface Terminal {
  readonly write: (text: string) => void;
  readonly readInput: () => Promise<string>;
  readonly connect: (choice: ClusterChoice) => Promise<Connection>;
  readonly clock: () => Date;
}

export interface Command {
  /** The words that choose it: `credentials add`. */
  readonly name: string;
  readonly summary: string;
  /** What follows the name, then one line per option. */
  readonly usage: string;
  /** Throws what `usageError` makes for wrong arguments, any other error for a failure. */
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<void>;
}

/** The message says what is wrong and how it is put right. */
export function usageError(message: string): AppError {
  return new AppError('usage', 400, message);
}
