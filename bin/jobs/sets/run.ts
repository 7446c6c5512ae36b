// `hubfn jobs run`: submits a job set from a file, tells how its stages go on, and exits as the set did.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import { isRecord } from '../../../lib/record';
import { usageError, type Command, type Terminal } from '../../command';
import { accessOptions, accessUsage, openClient } from '../access';
import { isOver, stateOf, type Job, type JobState } from '../api/answers';
import type { JobsClient } from '../api/client';
import { createPauses } from '../pause';
import type { Body } from '../request';
import { newsOf } from './progress';

/** As timeout(1) tells it. */
const TIMED_OUT = 124;

export const run: Command = {
  name: 'jobs run',
  summary: 'run the stages of a job set, one after the other',
  usage: `-f set.yaml [options]
  -f, --file FILE          the set: stages, claims, ...; see docs/job-sets.md
      --detach             do not wait for its end; straight on a cluster, the function stages has to run there:
                           without it, this command brings the stages on as long as it waits
${accessUsage}

exit code: 0 when all stages have passed, ${TIMED_OUT} when one took too long, else 1. Ctrl-C ends the waiting, never the set.

examples:
  hubfn jobs run -f set.yaml
  hubfn jobs logs ID --follow`,
  run: runSet,
};

async function runSet(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...accessOptions,
      file: { type: 'string', short: 'f' },
      detach: { type: 'boolean', default: false },
    },
  });
  if (values.file === undefined) throw usageError('-f FILE is missing: the file that the set is in');
  const body = setIn(values.file);
  const client = await openClient(values, terminal);
  const submitted = await client.submit(body);
  if (body['dryRun'] === true) return tried(submitted, terminal);
  const { metadata } = submitted;
  terminal.write(`set ${metadata.name} submitted\n`);
  if (values.detach) return 0;
  const state = await watch({ client, id: metadata.name }, terminal).catch((error: unknown) => {
    if (terminal.columns !== undefined) terminal.write('\n');
    throw error;
  });
  return ended(metadata.name, state, terminal);
}

/** Nothing was made that could be watched. */
function tried(set: Job, { write }: Terminal): number {
  write(`# would be submitted\n${stringify(set)}`);
  return 0;
}

interface Watched {
  readonly client: JobsClient;
  readonly id: string;
}

/** The state in which it ended; what it goes through until then is told. */
async function watch({ client, id }: Watched, { write, columns }: Terminal): Promise<JobState> {
  const told = new Set<string>();
  const pauses = createPauses();
  let last = '';
  for (;;) {
    await client.advance(id);
    const state = stateOf(await client.get(id));
    const { lines, text } = newsOf({ state, told, columns });
    write(text);
    for (const line of lines) told.add(line);
    if (isOver(state)) return state;
    if (text !== last) pauses.reset();
    last = text;
    await pauses.next();
  }
}

/** With a name, so that a request that is repeated on the way there is the same set. */
function setIn(file: string): Body {
  const value = parsed(file);
  if (!isRecord(value) || !Array.isArray(value['stages'])) throw usageError(`${file} has no list of stages`);
  const { name = randomUUID() } = value;
  if (typeof name !== 'string') throw usageError(`${file}: name is no text`);
  return { ...value, name };
}

function parsed(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw usageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function ended(id: string, state: JobState, terminal: Terminal): number {
  terminal.write(`set ${id} ${state.phase}: ${state.message}\n`);
  if (state.phase === 'succeeded') return 0;
  return state.reason === 'StageTimeout' ? TIMED_OUT : 1;
}
