// The jobs function: ad-hoc commands in containers, their state, their logs and their end.
import { clusterSettings, givenVariables, logLevel, serverSettings } from '../../lib/config/environment';
import { loadConfig } from '../../lib/config/load';
import { createAuthenticator } from '../../lib/credentials/authenticator';
import { readStartupUsers } from '../../lib/credentials/startupUsers';
import { serve } from '../../lib/http/serve';
import { connect } from '../../lib/kube/connect';
import { createKube } from '../../lib/kube/kube';
import { createLog, type Log } from '../../lib/log';
import { run } from '../../lib/run';
import { createRoutes } from './routes';
import { environmentSchema, jobsSettings } from './settings';

const clock = (): Date => new Date();

async function compose(log: Log): Promise<void> {
  const env = loadConfig(environmentSchema, givenVariables(process.env), 'environment');
  const { transport, namespace = 'default' } = await connect(clusterSettings(env));
  const settings = jobsSettings(env, namespace);
  const startupUsers = readStartupUsers({ createUser: settings.startupUsers, environment: process.env, log });
  const authenticate = createAuthenticator({ directory: env.CREDENTIALS_DIR, startupUsers, log, clock });
  const routes = createRoutes({ kube: createKube(transport), settings, streamSeconds: env.STREAM_SECONDS, clock, log });
  await serve({ name: 'jobs', routes, authenticate, config: serverSettings(env), log });
}

void run(compose, createLog({ name: 'jobs', level: logLevel(process.env) }));
