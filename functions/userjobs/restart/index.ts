// The program of the Job that each deployment runs once: tells connected hubs to open their tunnels anew.
import { createLog, type Log } from '../../../lib/log';
import { run } from '../../../lib/run';
import { readTunnels } from './readTunnels';
import { hasFailed, restartTunnels } from './restart';

async function main(log: Log): Promise<void> {
  const { CONFIG_PATH, STAGE } = process.env;
  const tunnels = readTunnels(CONFIG_PATH);
  const environment = process.env;
  const all = await restartTunnels({ tunnels, stage: STAGE?.toLowerCase(), environment, isDryRun: false });
  for (const told of all) {
    if (told.isUnverified === true) log.warn('the certificate of a hub is not verified', { hostname: told.hostname });
    if (told.outcome === 'told') log.info('tunnels are restarted', { ...told });
    else log.error('tunnels are not restarted', { ...told });
  }
  // Kubernetes tries again.
  if (hasFailed(all)) process.exitCode = 1;
}

void run(main, createLog({ name: 'userjobs-restart', level: 'info' }));
