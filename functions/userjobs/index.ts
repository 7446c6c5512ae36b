// The userjobs function: ways from running services to jobs on other systems, and those jobs.
import { clusterSettings, givenVariables, logLevel, serverSettings } from '../../lib/config/environment';
import { loadConfig } from '../../lib/config/load';
import { createAuthenticator } from '../../lib/credentials/authenticator';
import { readStartupUsers } from '../../lib/credentials/startupUsers';
import { serve } from '../../lib/http/serve';
import { connect } from '../../lib/kube/connect';
import { createKube } from '../../lib/kube/kube';
import { createLog, type Log } from '../../lib/log';
import { run } from '../../lib/run';
import { createHandler } from './handler';
import { createRoutes } from './routes';
import { environmentSchema, userJobsSettings } from './settings';
import { createTunnelImage } from './tunnelImage';

const clock = (): Date => new Date();

async function compose(log: Log): Promise<void> {
  const env = loadConfig(environmentSchema, givenVariables(process.env), 'environment');
  const { transport, namespace = 'default' } = await connect(clusterSettings(env));
  const settings = userJobsSettings(env, namespace);
  const kube = createKube(transport);
  const context = { kube, settings, tunnelImage: createTunnelImage(kube, namespace, env), clock, log };
  const startupUsers = readStartupUsers({ createUser: settings.startupUsers, environment: process.env, log });
  const authenticate = createAuthenticator({ directory: env.CREDENTIALS_DIR, startupUsers, log, clock });
  const served = { name: 'userjobs', routes: createRoutes(context), onEvent: createHandler(context) };
  await serve({ ...served, authenticate, config: serverSettings(env), log });
}

void run(compose, createLog({ name: 'userjobs', level: logLevel(process.env) }));
