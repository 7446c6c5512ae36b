// `hubfn tunnels restart`: tells connected hubs to open their tunnels anew, as each deployment does once.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readTunnels } from '../../functions/userjobs/restart/readTunnels';
import { hasFailed, restartTunnels, type Told } from '../../functions/userjobs/restart/restart';
import { usageError, type Command, type Terminal } from '../command';

export const restartTunnelsCommand: Command = {
  name: 'tunnels restart',
  summary: 'tell connected hubs to open their tunnels anew',
  usage: `--config FILE [options]
  --config FILE  the config.json that the functions run with; its section tunnel names the hubs
  --stage NAME   as if STAGE were set to it
  --dry-run      tell what would be done, and do nothing

Credentials are read from the environment variables that cred_env_name names (TUNNEL_BASIC).`,
  run: runRestart,
};

async function runRestart(args: readonly string[], { write, environment }: Terminal): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { config: { type: 'string' }, stage: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
  });
  const { config, stage = environment['STAGE'], 'dry-run': isDryRun } = values;
  if (config === undefined || !existsSync(config)) throw usageError('name the config.json: --config FILE');
  const tunnels = readTunnels(config);
  const all = await restartTunnels({ tunnels, stage: stage?.toLowerCase(), environment, isDryRun });
  for (const told of all) write(`${lineOf(told)}\n`);
  if (all.length === 0) write('config.json names no tunnels\n');
  return hasFailed(all) ? 1 : 0;
}

function lineOf({ hostname, url, outcome, why, isUnverified }: Told): string {
  const place = url === undefined ? '' : ` at ${url}`;
  const warning = isUnverified === true ? ' (it is not verified)' : '';
  return `${hostname || '(no hostname)'}: ${outcome}${place}${warning}${why === undefined ? '' : `: ${why}`}`;
}
