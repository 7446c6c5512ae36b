// The reaper function: events and a timer make it keep the logs of jobs that are over, and remove what nobody will finish or read any more.
import { clusterSettings, givenVariables, logLevel, serverSettings } from '../../lib/config/environment';
import { loadConfig } from '../../lib/config/load';
import { createLogin } from '../../lib/credentials/login';
import { serve } from '../../lib/http/serve';
import { connect } from '../../lib/kube/connect';
import { createKube } from '../../lib/kube/kube';
import { createLog, type FunctionLog } from '../../lib/log';
import { createLogging } from '../../lib/logHandlers/logging';
import { run } from '../../lib/run';
import { createCounters } from './counters';
import { createHandler } from './handler';
import { createRoutes } from './routes';
import { environmentSchema, reaperSettings } from './settings';

const clock = (): Date => new Date();

async function compose(log: FunctionLog): Promise<void> {
  const env = loadConfig(environmentSchema, givenVariables(process.env), 'environment');
  const { transport, namespace = 'default' } = await connect(clusterSettings(env));
  const settings = reaperSettings(env, namespace);
  const context = { kube: createKube(transport), settings, clock, log, counters: createCounters() };
  const login = { directory: env.CREDENTIALS_DIR, createUser: settings.startupUsers, environment: process.env };
  const authenticate = createLogin({ ...login, log, clock });
  const served = { name: 'reaper', routes: createRoutes(context), onEvent: createHandler(context), authenticate, log };
  const logging = createLogging({ kube: context.kube, namespace: settings.namespace, log });
  await serve({ ...served, metrics: context.counters.text, config: serverSettings(env), logging });
}

void run(compose, createLog({ name: 'reaper', level: logLevel(process.env) }));
