// The userjobs function: ways from running services to jobs on other systems, and those jobs.
import { clusterSettings, givenVariables, logLevel, serverSettings } from '../../lib/config/environment';
import { loadConfig } from '../../lib/config/load';
import { createLogin } from '../../lib/credentials/login';
import { serve } from '../../lib/http/serve';
import { connect } from '../../lib/kube/connect';
import { createKube } from '../../lib/kube/kube';
import { createLog, type FunctionLog } from '../../lib/log';
import { createLogging } from '../../lib/logHandlers/logging';
import { run } from '../../lib/run';
import { createHandler } from './handler';
import { createRoutes } from './routes';
import { environmentSchema, userJobsSettings } from './settings';
import { createTunnelImage } from './tunnelImage';

const clock = (): Date => new Date();

async function compose(log: FunctionLog): Promise<void> {
  const env = loadConfig(environmentSchema, givenVariables(process.env), 'environment');
  const { transport, namespace = 'default' } = await connect(clusterSettings(env));
  const [settings, kube] = [userJobsSettings(env, namespace), createKube(transport)];
  const context = { kube, settings, tunnelImage: createTunnelImage(kube, namespace, env), clock, log };
  const users = { createUser: settings.startupUsers, environment: process.env };
  const authenticate = createLogin({ directory: env.CREDENTIALS_DIR, ...users, log, clock });
  const logging = createLogging({ kube, namespace: settings.namespace, log });
  const told = { routes: createRoutes(context), onEvent: createHandler(context) };
  await serve({ name: 'userjobs', ...told, authenticate, config: serverSettings(env), log, logging });
}

void run(compose, createLog({ name: 'userjobs', level: logLevel(process.env) }));
