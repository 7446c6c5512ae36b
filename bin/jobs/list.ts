// `hubfn jobs list`: what waits and runs, and what has ended.
import { parseArgs } from 'node:util';
import { JOB_PHASES } from '../../lib/jobs/jobState';
import { usageError, type Command, type Terminal } from '../command';
import { accessOptions, accessUsage, openClient } from './access';
import { UNDER_WAY } from './api/client';
import { table } from './table';

export const list: Command = {
  name: 'jobs list',
  summary: 'show jobs and their states',
  usage: `[options]
      --label NAME=VALUE   only jobs with it; several with commas between
      --state STATE        only those that are ${JOB_PHASES.join(', ')};
                           several with commas between
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
  const { label, state = values.all ? 'all' : UNDER_WAY } = values;
  const unknown = state === 'all' ? undefined : state.split(',').find((phase) => !isPhase(phase));
  if (unknown !== undefined) throw usageError(`--state is ${JOB_PHASES.join(', ')}, not ${unknown}`);
  const jobs = await (await openClient(values, terminal)).list({ state, label });
  const shown = jobs.map(({ job, phase, start_time: started }) => ({ job, state: phase, started: started ?? '' }));
  if (values.json) return terminal.write(`${JSON.stringify(shown)}\n`);
  const rows = shown.map((job) => [job.job, job.state, job.started]);
  terminal.write(rows.length === 0 ? noneText(state) : table([['ID', 'STATE', 'STARTED'], ...rows]));
}

function isPhase(text: string): boolean {
  return JOB_PHASES.some((phase) => phase === text);
}

function noneText(state: string): string {
  return state === 'all' ? 'no jobs\n' : 'no such jobs; --all shows those that have ended, too\n';
}
