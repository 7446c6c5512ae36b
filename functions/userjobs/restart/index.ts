// The program of the Job that each deployment runs once: tells connected hubs to open their tunnels anew.
import { createLog, type Log } from '../../../lib/log';
import { run } from '../../../lib/run';
import { readTunnels } from './readTunnels';
import { hasFailed, restartTunnels } from './restart';

/** A hub that is deployed at the same time is there by then. */
const PAUSES_MS = [5_000, 15_000, 30_000];

async function main(log: Log): Promise<void> {
  const { CONFIG_PATH, STAGE } = process.env;
  const tunnels = readTunnels(CONFIG_PATH);
  const around = { stage: STAGE?.toLowerCase(), environment: process.env };
  const all = await restartTunnels({ tunnels, ...around, isDryRun: false, pausesMs: PAUSES_MS });
  for (const told of all) {
    if (told.isUnverified === true) log.warn('a hub is not verified', { hostname: told.hostname, url: told.url });
    if (told.outcome === 'told') log.info('tunnels are restarted', { ...told });
    else log.error('tunnels are not restarted', { ...told });
  }
  // The Job has failed, and shows it.
  if (hasFailed(all)) process.exitCode = 1;
}

void run(main, createLog({ name: 'userjobs-restart', level: 'info' }));
