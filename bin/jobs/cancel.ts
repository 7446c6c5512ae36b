// `hubfn jobs cancel`: ends jobs; what they wrote stays to be read.
import { parseArgs } from 'node:util';
import { AppError } from '../../lib/errors';
import { usageError, type Command, type Terminal } from '../command';
import { accessOptions, accessUsage, openClient } from './access';
import { glimpseOf } from './api/answers';
import type { JobsClient } from './api/client';
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
  const ids = label === undefined ? given : await labelled(client, label);
  const failures = await mapSome(ids, async (id) => cancelOne(client, id, terminal));
  if (ids.length === 0) terminal.write('no such jobs\n');
  return failures.includes(true) ? 1 : 0;
}

async function labelled(client: JobsClient, label: string): Promise<readonly string[]> {
  const jobs = await client.list({ label });
  return jobs.filter((job) => !['succeeded', 'failed'].includes(glimpseOf(job))).map(({ job }) => job);
}

/** Whether it failed: the others are cancelled all the same. */
async function cancelOne(client: JobsClient, id: string, terminal: Terminal): Promise<boolean> {
  try {
    const glimpse = glimpseOf((await client.cancel(id)).status ?? {});
    const isLate = glimpse === 'succeeded' || glimpse === 'failed';
    terminal.write(isLate ? `job ${id} had ${glimpse} already\n` : `job ${id} cancelled\n`);
    return false;
  } catch (error) {
    if (!(error instanceof AppError) || error.status !== 404) throw error;
    terminal.writeError(`hubfn: job ${id}: ${error.message}\n`);
    return true;
  }
}
