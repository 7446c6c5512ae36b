// The jobs function: ad-hoc commands in containers, their state, their logs and their end.
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
import { environmentSchema, jobsSettings } from './settings';

const clock = (): Date => new Date();

async function compose(log: FunctionLog): Promise<void> {
  const env = loadConfig(environmentSchema, givenVariables(process.env), 'environment');
  const { transport, namespace = 'default' } = await connect(clusterSettings(env));
  const settings = jobsSettings(env, namespace);
  const login = { directory: env.CREDENTIALS_DIR, createUser: settings.startupUsers, environment: process.env };
  const authenticate = createLogin({ ...login, log, clock });
  const kube = createKube(transport);
  const routes = createRoutes({ kube, settings, streamSeconds: env.STREAM_SECONDS, clock, log });
  const logging = createLogging({ kube, namespace: settings.namespace, log });
  await serve({ name: 'jobs', routes, authenticate, config: serverSettings(env), log, logging });
}

void run(compose, createLog({ name: 'jobs', level: logLevel(process.env) }));
