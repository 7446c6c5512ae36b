// The intake function: what arrives by queue, by event or from users of a hub becomes jobs, on behalf of who has sent it.
import { clusterSettings, givenVariables, logLevel, serverSettings } from '../../lib/config/environment';
import { loadConfig } from '../../lib/config/load';
import { serve } from '../../lib/http/serve';
import { connect } from '../../lib/kube/connect';
import { createKube } from '../../lib/kube/kube';
import { createLog, type FunctionLog } from '../../lib/log';
import { createLogging } from '../../lib/logHandlers/logging';
import { run } from '../../lib/run';
import { createContext } from './compose';
import { createHandler } from './handler';
import { environmentSchema, intakeSettings } from './settings';
import { hubOptions } from './submissions/hubOptions';

async function compose(log: FunctionLog): Promise<void> {
  const env = loadConfig(environmentSchema, givenVariables(process.env), 'environment');
  const { transport, namespace = 'default' } = await connect(clusterSettings(env));
  const settings = intakeSettings(env, namespace);
  const logging = createLogging({ kube: createKube(transport), namespace: settings.namespace, log });
  const context = createContext(settings, { folder: env.INTAKE_SECRETS, log });
  const metrics = context.counters.text;
  const served = { name: 'intake', onEvent: createHandler(context), metrics, log, logging };
  await serve({ ...served, ...hubOptions(context), config: serverSettings(env) });
}

void run(compose, createLog({ name: 'intake', level: logLevel(process.env) }));
