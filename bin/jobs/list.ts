// `hubfn jobs list`: what waits and runs, and what has ended.
import { parseArgs } from 'node:util';
import { usageError, type Command, type Terminal } from '../command';
import { accessOptions, accessUsage, openClient } from './access';
import { glimpseOf, stateOf, type ListedJob } from './api/answers';
import type { JobsClient } from './api/client';
import { mapSome } from './mapSome';
import { table } from './table';

const STATES = ['waiting', 'queued', 'starting', 'running', 'succeeded', 'failed', 'cancelled'];
const ENDED = new Set(['succeeded', 'failed', 'cancelled']);

export const list: Command = {
  name: 'jobs list',
  summary: 'show jobs and their states',
  usage: `[options]
      --label NAME=VALUE   only jobs with it; several with commas between
      --state STATE        only those that are ${STATES.join(', ')}
      --all                those that have ended, too
      --json               answers for programs
${accessUsage}

examples:
  hubfn jobs list --label app=submission-helper
  hubfn jobs list --state failed`,
  run: runList,
};

async function runList(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...accessOptions,
      label: { type: 'string' },
      state: { type: 'string' },
      all: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const { state, label } = values;
  if (state !== undefined && !STATES.includes(state)) {
    throw usageError(`--state is ${STATES.join(', ')}, not ${state}`);
  }
  const client = await openClient(values, terminal);
  const jobs = await mapSome(await client.list({ ...(label !== undefined && { label }) }), async (job) => ({
    job: job.job,
    state: await phaseOf(client, job),
    started: job.start_time ?? '',
  }));
  const shown = jobs.filter((job) => (state === undefined ? values.all || !ENDED.has(job.state) : job.state === state));
  if (values.json) return terminal.write(`${JSON.stringify(shown)}\n`);
  const rows = shown.map((job) => [job.job, job.state, job.started]);
  terminal.write(rows.length === 0 ? noneText(jobs.length) : table([['ID', 'STATE', 'STARTED'], ...rows]));
}

/** What the status alone does not tell is looked at. */
async function phaseOf(client: JobsClient, job: ListedJob): Promise<string> {
  const glimpse = glimpseOf(job);
  if (job.state?.phase !== undefined) return job.state.phase;
  if (glimpse !== 'held') return glimpse;
  const found = await client.find(job.job);
  return found === undefined ? 'failed' : stateOf(found).phase;
}

function noneText(others: number): string {
  return others === 0 ? 'no jobs\n' : `no such jobs; --all shows ${others} more\n`;
}
