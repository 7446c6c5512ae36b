// The deadletters function: writes down each event that no function could take, for those who look later.
import { clusterSettings, givenVariables, logLevel, serverSettings } from '../../lib/config/environment';
import { loadConfig } from '../../lib/config/load';
import { serve } from '../../lib/http/serve';
import { connect } from '../../lib/kube/connect';
import { createKube } from '../../lib/kube/kube';
import { createLog, type FunctionLog } from '../../lib/log';
import { createLogging } from '../../lib/logHandlers/logging';
import { run } from '../../lib/run';
import { environmentSchema } from './config';
import { createRoutes } from './routes';

async function compose(log: FunctionLog): Promise<void> {
  const env = loadConfig(environmentSchema, givenVariables(process.env), 'environment');
  const { transport, namespace: own = 'default' } = await connect(clusterSettings(env));
  const { DEPLOYMENT_NAMESPACE: namespace = own, DEAD_LETTERS_KEPT: kept } = env;
  const kube = createKube(transport);
  const routes = createRoutes({ kube, namespace, kept, clock: () => new Date(), log });
  const logging = createLogging({ kube, namespace, log });
  await serve({ name: 'deadletters', routes, config: serverSettings(env), log, logging });
}

void run(compose, createLog({ name: 'deadletters', level: logLevel(process.env) }));
