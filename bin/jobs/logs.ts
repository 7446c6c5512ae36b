// `hubfn jobs logs`: what a job writes, as it comes.
import { parseArgs } from 'node:util';
import { AppError } from '../../lib/errors';
import { usageError, type Command, type Terminal } from '../command';
import { accessOptions, accessUsage, openClient } from './access';
import { isOver, stateOf } from './api/answers';
import type { JobsClient } from './api/client';
import { followJob } from './follow';
import { idOf } from './ids';
import { createPauses } from './pause';
import { write } from './readAttempt';

const selection = {
  tail: { type: 'string' },
  since: { type: 'string' },
  container: { type: 'string' },
  attempt: { type: 'string' },
} as const;

export const logs: Command = {
  name: 'jobs logs',
  summary: 'show what a job writes',
  usage: `ID [options]
      --follow             until the job has ended, attempt by attempt
      --tail LINES         only the last ones
      --since SECONDS      only what is not older
      --container NAME     only of this one
      --attempt N|all      default: the last one
${accessUsage}

examples:
  hubfn jobs logs shj-fit-00001 --follow
  hubfn jobs logs shj-fit-00001 --attempt all`,
  run: runLogs,
};

async function runLogs(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...accessOptions, ...selection, follow: { type: 'boolean', short: 'f', default: false } },
  });
  const id = idOf(positionals);
  const query = queryOf(values);
  const client = await openClient(values, terminal);
  if (!values.follow) return copy(await client.logs(id, query), terminal);
  const { attempts } = await untilStarted(client, id);
  if (Object.keys(query).length === 0) {
    await followJob({ client, id, output: terminal.output }, Math.max(1, attempts));
    return;
  }
  return copy(await client.logs(id, { ...query, follow: 'true' }), terminal);
}

function queryOf(values: { readonly [Key in keyof typeof selection]?: string | undefined }): Record<string, string> {
  const { tail, since, container, attempt } = values;
  checkCount('tail', tail);
  checkCount('since', since);
  if (attempt !== 'all') checkCount('attempt', attempt);
  const given = Object.entries({ tail, since, container, attempt });
  return Object.fromEntries(given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function checkCount(flag: string, text: string | undefined): void {
  if (text === undefined || /^\d{1,8}$/.test(text)) return;
  throw usageError(`--${flag} ${text} is not a whole number`);
}

async function copy(chunks: AsyncIterable<Uint8Array> | undefined, { output }: Terminal): Promise<void> {
  if (chunks === undefined) throw new AppError('no_log', 404, 'the job has no log (yet): see hubfn jobs status');
  for await (const chunk of chunks) await write(output, chunk);
}

/** A log that is not there yet would end at once. */
async function untilStarted(client: JobsClient, id: string) {
  const pauses = createPauses();
  for (;;) {
    const state = stateOf(await client.get(id));
    if (isOver(state) || state.phase === 'running') return state;
    await pauses.next();
  }
}
