// `hubfn jobs cancel`: ends jobs; what they wrote stays to be read.
import { parseArgs } from 'node:util';
import { AppError } from '../../lib/errors';
import { usageError, type Command, type Terminal } from '../command';
import { accessOptions, accessUsage, openClient } from './access';
import { isOver, stateOf } from './api/answers';
import { UNDER_WAY, type JobsClient } from './api/client';
import { idsOf } from './ids';
import { mapSome } from './mapSome';

export const cancel: Command = {
  name: 'jobs cancel',
  summary: 'end jobs before their time',
  usage: `ID... [options]
       hubfn jobs cancel --label NAME=VALUE [options]
      --label NAME=VALUE   all jobs with it that have not ended; several with commas between
${accessUsage}

examples:
  hubfn jobs cancel shj-fit-00001
  hubfn jobs cancel --label app=submission-helper,identifier=fit`,
  run: runCancel,
};

async function runCancel(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...accessOptions, label: { type: 'string' } },
  });
  const { label } = values;
  if (label === '') throw usageError('--label is empty');
  if (label !== undefined && positionals.length > 0) throw usageError('give IDs or --label, not both');
  const given = label === undefined ? idsOf(positionals) : [];
  const client = await openClient(values, terminal);
  const ids = label === undefined ? given : (await client.list({ state: UNDER_WAY, label })).map(({ job }) => job);
  const failures = await mapSome(ids, async (id) => cancelOne(client, id, terminal));
  if (ids.length === 0) terminal.write('no such jobs\n');
  return failures.includes(true) ? 1 : 0;
}

/** Whether it failed: the others are cancelled all the same. */
async function cancelOne(client: JobsClient, id: string, terminal: Terminal): Promise<boolean> {
  try {
    const before = stateOf(await client.get(id));
    if (!isOver(before)) await client.cancel(id);
    terminal.write(isOver(before) ? `job ${id} has ended already: ${before.phase}\n` : `job ${id} cancelled\n`);
    return false;
  } catch (error) {
    if (!(error instanceof AppError) || error.status !== 404) throw error;
    terminal.writeError(`hubfn: job ${id}: ${error.message}\n`);
    return true;
  }
}
