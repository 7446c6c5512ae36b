// What `build` and `push` have in common: definitions are read, some are worked on at once, each comes to an end of its own.
import { parseArgs } from 'node:util';
import { isNativeError } from 'node:util/types';
import { hasCode } from '../../lib/kube/errors';
import { isUsageError, type Terminal } from '../command';
import { mapSome } from '../jobs/mapSome';
import { openBench, type Bench, type OwnBench } from './bench';
import type { Definition } from './definition/definition';
import { BROKEN, readDefinitions } from './definition/definitions';
import { askedBy, jobsOf, workOptions } from './flags';
import { onInterruption } from './interruption';
import { EXIT, exitCodeOf, type Outcome } from './outcome';
import { createProgress } from './progress';

export interface Work {
  /** What is said of a definition when it begins. */
  readonly verb: string;
  readonly one: (definition: Definition, bench: OwnBench) => Promise<Outcome>;
}

const options = { ...workOptions, force: { type: 'boolean', default: false } } as const;

/** Answers the exit code; wrong arguments are thrown. */
export async function runWork(args: readonly string[], terminal: Terminal, work: Work): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, allowNegative: true, options });
  const atOnce = jobsOf(values.jobs);
  const asked = askedBy(values, terminal);
  const { signal, forget } = onInterruption();
  try {
    const definitions = await readDefinitions(positionals, asked);
    const bench = openBench(values, terminal, signal);
    const outcomes = await carryOut(work, { definitions, bench, atOnce, terminal });
    return signal.aborted ? EXIT.interrupted : exitCodeOf(outcomes, values['exit-zero']);
  } catch (error) {
    return refusedWith(error, terminal);
  } finally {
    forget();
  }
}

/** Before anything was begun. What nobody foresaw has failed, too: for scripts 1 is no failure here. */
export function refusedWith(error: unknown, { writeError }: Terminal): number {
  if (isUsageError(error)) throw error;
  writeError(`hubfn: ${messageOf(error)}\n`);
  return hasCode(error, BROKEN) ? EXIT.broken : EXIT.failed;
}

interface Carried {
  readonly definitions: readonly Definition[];
  readonly bench: Bench;
  readonly atOnce: number;
  readonly terminal: Terminal;
}

async function carryOut(work: Work, { definitions, bench, atOnce, terminal }: Carried): Promise<readonly Outcome[]> {
  const { columns: _, ...plain } = terminal;
  // Between commands that are printed there is no place for a bar.
  const progress = createProgress(bench.isDry ? plain : terminal, { all: definitions.length, verb: work.verb });
  const one = async (definition: Definition): Promise<Outcome> => {
    const { name } = definition;
    progress.begin(name);
    const tell = (line: string): void => progress.say(name, line);
    const warn = (text: string): void => progress.say(name, `warning: ${text}`);
    const outcome = await outcomeOf(work, definition, { ...bench, warn, tell: bench.isVerbose ? tell : undefined });
    progress.end(name, outcome);
    return outcome;
  };
  return mapSome(definitions, one, atOnce);
}

/** One that fails is told, and the others go on. */
async function outcomeOf({ one }: Work, definition: Definition, bench: OwnBench): Promise<Outcome> {
  try {
    bench.signal.throwIfAborted();
    return await one(definition, bench);
  } catch (error) {
    if (bench.signal.aborted) return { kind: 'failed', text: 'interrupted' };
    return { kind: 'failed', text: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return isNativeError(error) ? error.message : String(error);
}
