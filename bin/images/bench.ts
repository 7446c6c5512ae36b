// What is at hand for the work on images: a builder, what it holds, and the wishes of who asks.
import type { Terminal } from '../command';
import { toolOf } from './flags';
import type { Way } from './registry/registry';
import type { RunOptions } from './tool/run';
import { findTool, type Tool } from './tool/tool';
import { commandText } from './tool/tools';

export interface Bench extends Way {
  readonly applications: string;
  readonly isDry: boolean;
  readonly isForced: boolean;
  readonly isVerbose: boolean;
  readonly signal: AbortSignal;
  /** Found when it is needed first: what is in its registry already needs none. */
  readonly tool: () => Promise<Tool>;
  /** What the tool held at the beginning. */
  readonly local: () => Promise<ReadonlyMap<string, string>>;
  /** A command that would run. */
  readonly print: (words: readonly string[]) => void;
}

/** The same for one definition: what is said there is told with its name. */
export interface OwnBench extends Bench {
  readonly warn: (text: string) => void;
  /** Each line of the builder, where somebody wants to read it. */
  readonly tell: RunOptions['tell'];
}

interface Wishes {
  readonly applications: string;
  readonly tool?: string | undefined;
  readonly insecure?: boolean | undefined;
  readonly verbose: boolean;
  readonly force: boolean;
  readonly 'dry-run': boolean;
}

export function openBench(wishes: Wishes, terminal: Terminal, signal: AbortSignal): Bench {
  const { environment, write } = terminal;
  const asked = toolOf(wishes.tool, terminal);
  const tool = once(async () => findTool(asked, { environment, signal }));
  return {
    applications: wishes.applications,
    environment,
    insecure: wishes.insecure,
    isDry: wishes['dry-run'],
    isForced: wishes.force,
    isVerbose: wishes.verbose,
    signal,
    tool,
    local: once(async () => (await tool()).local()),
    print: (words) => write(`${commandText(words)}\n`),
  };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return async () => (result ??= work());
}
