// The status function: pod and job events, and a timer, make it look at services, write down how their starts go on, and tell their hubs.
import { clusterSettings, givenVariables, logLevel, serverSettings } from '../../lib/config/environment';
import { loadConfig } from '../../lib/config/load';
import { serve } from '../../lib/http/serve';
import { connect } from '../../lib/kube/connect';
import { createKube } from '../../lib/kube/kube';
import { createLog, type FunctionLog } from '../../lib/log';
import { createLogging } from '../../lib/logHandlers/logging';
import { run } from '../../lib/run';
import { environmentSchema, statusSettings } from './config';
import { createCounters } from './counters';
import { createHandler } from './handler';
import { createHubs } from './hubs';

async function compose(log: FunctionLog): Promise<void> {
  const env = loadConfig(environmentSchema, givenVariables(process.env), 'environment');
  const { transport, namespace = 'default' } = await connect(clusterSettings(env));
  const settings = statusSettings(env, namespace);
  const kube = createKube(transport);
  const counters = createCounters();
  const hubs = createHubs({ kube, settings, log });
  const onEvent = createHandler({ kube, settings, log, hubs, counters, clock: () => new Date() });
  const logging = createLogging({ kube, namespace: settings.namespace, log });
  const served = { name: 'status', routes: [], onEvent, metrics: counters.text, log, logging };
  await serve({ ...served, config: serverSettings(env) });
}

void run(compose, createLog({ name: 'status', level: logLevel(process.env) }));
