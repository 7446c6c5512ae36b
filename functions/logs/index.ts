// The logs function: changes the log handlers of all functions while they run, and streams the logs of services to their owners.
import { clusterSettings, givenVariables, logLevel, serverSettings } from '../../lib/config/environment';
import { loadConfig } from '../../lib/config/load';
import { createLogin } from '../../lib/credentials/login';
import { serve } from '../../lib/http/serve';
import { connect } from '../../lib/kube/connect';
import { createKube } from '../../lib/kube/kube';
import { createLog, type FunctionLog } from '../../lib/log';
import { createLogging } from '../../lib/logHandlers/logging';
import { run } from '../../lib/run';
import { createRoutes } from './routes';
import { environmentSchema, logsSettings } from './settings';

const clock = (): Date => new Date();

async function compose(log: FunctionLog): Promise<void> {
  const env = loadConfig(environmentSchema, givenVariables(process.env), 'environment');
  const { transport, namespace = 'default' } = await connect(clusterSettings(env));
  const settings = logsSettings(env, namespace);
  const login = { directory: env.CREDENTIALS_DIR, createUser: settings.startupUsers, environment: process.env };
  const authenticate = createLogin({ ...login, log, clock });
  const kube = createKube(transport);
  const logging = createLogging({ kube, namespace: settings.namespace, log });
  const routes = createRoutes({ kube, settings, logging, clock, log });
  await serve({ name: 'logs', routes, authenticate, config: serverSettings(env), log, logging });
}

void run(compose, createLog({ name: 'logs', level: logLevel(process.env) }));
