// The stages function: pod and job events, and a timer, make it start the next stage of a job set, and close the set after the last.
import { clusterSettings, givenVariables, logLevel, serverSettings } from '../../lib/config/environment';
import { loadConfig } from '../../lib/config/load';
import { serve } from '../../lib/http/serve';
import { connect } from '../../lib/kube/connect';
import { createKube } from '../../lib/kube/kube';
import { createLog, type FunctionLog } from '../../lib/log';
import { createLogging } from '../../lib/logHandlers/logging';
import { run } from '../../lib/run';
import { createCounters } from './counters';
import { createHandler } from './handler';
import { environmentSchema, stagesSettings } from './settings';

async function compose(log: FunctionLog): Promise<void> {
  const env = loadConfig(environmentSchema, givenVariables(process.env), 'environment');
  const { transport, namespace = 'default' } = await connect(clusterSettings(env));
  const settings = stagesSettings(env, namespace);
  const kube = createKube(transport);
  const counters = createCounters();
  const onEvent = createHandler({ kube, settings, log, counters, clock: () => new Date() });
  const logging = createLogging({ kube, namespace: settings.namespace, log });
  const served = { name: 'stages', routes: [], onEvent, metrics: counters.text, log, logging };
  await serve({ ...served, config: serverSettings(env) });
}

void run(compose, createLog({ name: 'stages', level: logLevel(process.env) }));
