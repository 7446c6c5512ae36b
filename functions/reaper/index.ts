// The reaper function: an event or a cron call makes it sweep away what nobody will finish or read any more.
import { clusterSettings, givenVariables, logLevel, serverSettings } from '../../lib/config/environment';
import { loadConfig } from '../../lib/config/load';
import type { OnEvent } from '../../lib/http/route';
import { serve } from '../../lib/http/serve';
import { connect } from '../../lib/kube/connect';
import { createKube } from '../../lib/kube/kube';
import { createLog, type Log } from '../../lib/log';
import { run } from '../../lib/run';
import { environmentSchema, sweepSettings } from './config';
import { sweep } from './sweep';

async function compose(log: Log): Promise<void> {
  const env = loadConfig(environmentSchema, givenVariables(process.env), 'environment');
  const { transport, namespace = 'default' } = await connect(clusterSettings(env));
  const settings = sweepSettings(env, namespace);
  const sweeper = { kube: createKube(transport), clock: (): Date => new Date(), log, settings };
  const onEvent: OnEvent = async (_event, call) => void (await sweep(sweeper, call));
  await serve({ name: 'reaper', routes: [], onEvent, config: serverSettings(env), log });
}

void run(compose, createLog({ name: 'reaper', level: logLevel(process.env) }));
