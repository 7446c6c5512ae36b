// The reaper function: events and a timer make it keep the logs of jobs that are over, and remove what nobody will finish or read any more.
import { clusterSettings, givenVariables, logLevel, serverSettings } from '../../lib/config/environment';
import { loadConfig } from '../../lib/config/load';
import { createAuthenticator } from '../../lib/credentials/authenticator';
import { readStartupUsers } from '../../lib/credentials/startupUsers';
import { serve } from '../../lib/http/serve';
import { connect } from '../../lib/kube/connect';
import { createKube } from '../../lib/kube/kube';
import { createLog, type Log } from '../../lib/log';
import { run } from '../../lib/run';
import { createCounters } from './counters';
import { createHandler } from './handler';
import { createRoutes } from './routes';
import { environmentSchema, reaperSettings } from './settings';

const clock = (): Date => new Date();

async function compose(log: Log): Promise<void> {
  const env = loadConfig(environmentSchema, givenVariables(process.env), 'environment');
  const { transport, namespace = 'default' } = await connect(clusterSettings(env));
  const settings = reaperSettings(env, namespace);
  const counters = createCounters();
  const context = { kube: createKube(transport), settings, clock, log, counters };
  const startupUsers = readStartupUsers({ createUser: settings.startupUsers, environment: process.env, log });
  const authenticate = createAuthenticator({ directory: env.CREDENTIALS_DIR, startupUsers, log, clock });
  const served = { name: 'reaper', routes: createRoutes(context), onEvent: createHandler(context), authenticate, log };
  await serve({ ...served, metrics: counters.text, config: serverSettings(env) });
}

void run(compose, createLog({ name: 'reaper', level: logLevel(process.env) }));
