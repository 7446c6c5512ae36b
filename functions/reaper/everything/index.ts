// The program of the Job that follows an uninstallation which shall leave nothing: `index.js KIND/NAME...` removes all that functions
// have made, and what is named.
import { createKube } from '../../../lib/kube/kube';
import { connect } from '../../../lib/kube/connect';
import { createLog, type Log } from '../../../lib/log';
import { run } from '../../../lib/run';
import { removeEverything } from './removeEverything';

/** Users' services take their time to end. */
const PATIENCE_MS = 240_000;

async function main(log: Log): Promise<void> {
  const { KUBERNETES_SERVICE_HOST: serviceHost, KUBERNETES_SERVICE_PORT: servicePort } = process.env;
  const { transport, namespace = 'default' } = await connect({ serviceHost, servicePort });
  const named = process.argv.slice(2);
  const left = await removeEverything({ kube: createKube(transport), namespace, named, patienceMs: PATIENCE_MS });
  if (left.length === 0) return log.info('everything is removed', { namespace });
  log.error('not everything is removed', { namespace, left });
  // The Job tries again, and then has failed.
  process.exitCode = 1;
}

void run(main, createLog({ name: 'uninstall', level: 'info' }));
