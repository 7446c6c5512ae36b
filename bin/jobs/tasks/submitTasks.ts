// `hubfn jobs submit -f`: a run of tasks, told on the terminal.
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { stringify } from 'yaml';
import { usageError, type Terminal } from '../../command';
import { openClient } from '../access';
import { CLEAR } from '../bar';
import type { SubmitFlags } from '../submitFlags';
import { bar, line, summary } from './progressBar';
import { count, type States } from './plan';
import { runTasks, type Run } from './run';
import { bodyOf } from './startTask';
import { parseTasks, type Task } from './taskFile';

export async function submitTasks(flags: SubmitFlags, file: string, terminal: Terminal): Promise<number> {
  const tasks = parseTasks(await textOf(file, terminal), file).slice(0, flags.ntest);
  const run: Run = {
    client: await openClient(flags.access, terminal),
    tasks,
    identifier: flags.identifier ?? identifierOf(file),
    wishes: flags.wishes,
    environment: terminal.environment,
    maxConcurrent: flags.maxConcurrent,
    isCheckingMissing: flags.isCheckingMissing,
    isCheckingTimestamps: flags.isCheckingTimestamps,
    ...teller(terminal, flags.isJson),
  };
  return flags.isDebug ? tryOut(run, terminal) : runToEnd(run, { isJson: flags.isJson, terminal });
}

async function textOf(file: string, { readInput }: Terminal): Promise<string> {
  if (file === '-') return readInput();
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw usageError(`${file} cannot be read: ${(error as Error).message}`);
  });
}

function identifierOf(file: string): string {
  return file === '-' ? 'stdin' : basename(file, extname(file));
}

/** The last states are told even when it has to give up. */
async function runToEnd(
  run: Run,
  { isJson, terminal }: { readonly isJson: boolean; readonly terminal: Terminal },
): Promise<number> {
  let last: States = new Map();
  const onLook = (states: States): void => {
    last = states;
    run.onLook(states);
  };
  try {
    await runTasks({ ...run, onLook });
  } finally {
    const told = [...last].map(([name, progress]) => ({ name, ...progress }));
    terminal.write(isJson ? `${JSON.stringify(told)}\n` : `${endOfBar(terminal)}${summary(last)}\n`);
  }
  return count(last, 'done') === last.size ? 0 : 1;
}

async function tryOut(run: Run, { write }: Terminal): Promise<number> {
  for (const [index, task] of run.tasks.entries()) {
    const job = await run.client.submit({ ...bodyOf(run, task), dryRun: true });
    write(`---\n# -${index + 1}: ${task.name} would be submitted${afterOf(task)}\n${stringify(job)}`);
  }
  return 0;
}

function afterOf({ depends }: Task): string {
  return depends.length === 0 ? '' : ` after ${depends.join(', ')}`;
}

const nothing = (): void => undefined;

/** On a terminal the bar is rewritten in place, and what failed stays above it. */
function teller({ write, columns }: Terminal, isJson: boolean): Pick<Run, 'onChange' | 'onLook'> {
  if (isJson) return { onChange: nothing, onLook: nothing };
  if (columns === undefined) {
    return { onLook: nothing, onChange: (name, progress) => write(`${line(name, progress)}\n`) };
  }
  return {
    onLook: (states) => write(`${CLEAR}${bar(states, columns)}`),
    onChange: (name, progress) => {
      if (progress.state === 'failed') write(`${CLEAR}${line(name, progress)}\n`);
    },
  };
}

function endOfBar({ columns }: Terminal): string {
  return columns === undefined ? '' : '\n';
}
