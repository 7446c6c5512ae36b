// The services function: starts, polls, updates, lists and stops a hub's long-running services.
import { logLevel } from '../../lib/config/environment';
import { createLogin } from '../../lib/credentials/login';
import { serve } from '../../lib/http/serve';
import { connect } from '../../lib/kube/connect';
import { createKube } from '../../lib/kube/kube';
import { createLog, type FunctionLog } from '../../lib/log';
import { createLogging } from '../../lib/logHandlers/logging';
import { run } from '../../lib/run';
import { createCache } from './cache/cache';
import { createRoutes } from './routes';
import { loadEnvironment } from './settings';

const clock = (): Date => new Date();

async function compose(log: FunctionLog): Promise<void> {
  const { server, cluster, credentials, settings, streamSeconds, warnings } = loadEnvironment(process.env);
  for (const warning of warnings) log.warn(warning);
  const { transport, namespace = 'default' } = await connect(cluster);
  const createUser = settings.file.startup.create_user;
  const authenticate = createLogin({ ...credentials, createUser, environment: process.env, log, clock });
  const complete = { ...settings, namespace: settings.namespace ?? namespace };
  const kube = createKube(transport);
  const cache = createCache({ kube, settings: complete, log });
  const routes = createRoutes({ kube, cache, settings: complete, streamSeconds, clock, log });
  const logging = createLogging({ kube, namespace: complete.namespace, log });
  await serve({ name: 'services', routes, authenticate, config: server, log, logging });
}

void run(compose, createLog({ name: 'services', level: logLevel(process.env) }));
