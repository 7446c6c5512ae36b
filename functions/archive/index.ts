// The archive function: encrypted backups of users' claims, proven, restored, and kept as long as the policy says.
import { clusterSettings, givenVariables, logLevel, serverSettings } from '../../lib/config/environment';
import { loadConfig } from '../../lib/config/load';
import { serve } from '../../lib/http/serve';
import { connect } from '../../lib/kube/connect';
import { createKube } from '../../lib/kube/kube';
import { createLog, type FunctionLog } from '../../lib/log';
import { createLogging } from '../../lib/logHandlers/logging';
import { run } from '../../lib/run';
import { createArchiveLogin } from './access/login';
import { createCounters } from './counters';
import { createHandler } from './handler';
import { createRoutes } from './routes';
import { archiveSettings, environmentSchema } from './settings';

async function compose(log: FunctionLog): Promise<void> {
  const env = loadConfig(environmentSchema, givenVariables(process.env), 'environment');
  const { transport, namespace = 'default' } = await connect(clusterSettings(env));
  const [settings, kube, counters] = [archiveSettings(env, namespace), createKube(transport), createCounters()];
  const context = { kube, settings, clock: () => new Date(), log, counters };
  const authenticate = createArchiveLogin({ env, environment: process.env, ...context, settings });
  const logging = createLogging({ kube, namespace: settings.namespace, log });
  const served = { routes: createRoutes(context), onEvent: createHandler(context), metrics: counters.text };
  await serve({ name: 'archive', ...served, authenticate, config: serverSettings(env), log, logging });
}

void run(compose, createLog({ name: 'archive', level: logLevel(process.env) }));
