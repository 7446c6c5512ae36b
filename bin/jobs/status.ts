// `hubfn jobs status`: how one job is, and why.
import { parseArgs } from 'node:util';
import type { Command, Terminal } from '../command';
import { accessOptions, accessUsage, openClient } from './access';
import { stateOf, type Job } from './api/answers';
import { idOf } from './ids';
import { table } from './table';

export const status: Command = {
  name: 'jobs status',
  summary: 'tell how a job is, and why',
  usage: `ID [options]
      --json               the whole Job, with its state
${accessUsage}

examples:
  hubfn jobs status shj-fit-00001
  hubfn jobs status shj-fit-00001 --json`,
  run: runStatus,
};

async function runStatus(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...accessOptions, json: { type: 'boolean', default: false } },
  });
  const id = idOf(positionals);
  const job = await (await openClient(values, terminal)).get(id);
  terminal.write(values.json ? `${JSON.stringify(job)}\n` : describe(job));
}

function describe(job: Job): string {
  const { phase, reason, message, exitCode, attempts } = stateOf(job);
  const rows = [
    ['id', job.metadata.name],
    ['state', reason === undefined ? phase : `${phase} (${reason})`],
    ['message', message],
    ['exit code', exitCode === undefined ? '' : String(exitCode)],
    ['attempts', String(attempts)],
    ['submitted', job.metadata.creation_timestamp ?? ''],
  ];
  return table(rows.filter(([, value]) => value !== ''));
}
