// A CloudEvent about a pod, posted to a warm `status`, until the hub hears what is new; and what that costs the API server.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHubStub, type HubStub } from '../test/support/hubStub';
import { READINESS, type Bed } from './instruments/bed';
import { openClient, type Client } from './instruments/client';
import type { Measurement } from './instruments/measurement';
import { countRequests } from './instruments/requestCount';
import type { Server } from './instruments/server';
import { toFigure } from './instruments/statistics';
import { untilRunning } from './poll';

const WARM_UP = 4;
const SAMPLES = 30;

export const eventToHub: Measurement = {
  name: 'eventToHub',
  summary: 'a pod event posted to a warm status function until the hub hears of it, and its API requests',
  measure: async (bed) => {
    const folder = mkdtempSync(join(tmpdir(), 'hub-functions-bench-status-'));
    const stub = await startHubStub();
    const config = join(folder, 'config.json');
    writeFileSync(config, JSON.stringify({ hubs: { hub: [stub.url] } }));
    const servers: Server[] = [];
    try {
      const [warm, recorded] = [
        await launch(bed, config),
        await launch(bed, config, { KUBE_API_URL: bed.recorder.url }),
      ];
      servers.push(warm, recorded);
      const times: number[] = [];
      for (let turn = 0; turn < WARM_UP + SAMPLES; turn += 1)
        times.push(await timeToHub({ bed, stub, server: warm }, turn));
      await timeToHub({ bed, stub, server: recorded }, WARM_UP + SAMPLES);
      const { figure, note } = await countRequests(bed, async () =>
        timeToHub({ bed, stub, server: recorded }, WARM_UP + SAMPLES + 1),
      );
      return [
        { name: 'event-to-hub', ours: toFigure(times.slice(WARM_UP), 'ms'), limit: { of: 'ours', atMost: 150 } },
        { name: 'event-to-hub-requests', ours: figure, limit: { of: 'ours', atMost: 5 }, note },
      ];
    } finally {
      for (const { stop } of servers) await stop();
      stub.close();
      rmSync(folder, { recursive: true });
    }
  },
};

async function launch(bed: Bed, config: string, more: Readonly<Record<string, string>> = {}): Promise<Server> {
  return bed.launch({
    path: READINESS,
    args: ['dist/functions/status/index.js'],
    logFile: `${config}.log`,
    environment: {
      ...bed.api.environment,
      DEPLOYMENT_NAMESPACE: bed.api.namespace,
      LISTEN_HOST: '127.0.0.1',
      CONFIG_PATH: config,
      ...more,
    },
  });
}

interface Scene {
  readonly bed: Bed;
  readonly stub: HubStub;
  readonly server: Server;
}

/** Each turn has a service of its own, which is ready before anybody looks: one event, one piece of news. */
async function timeToHub({ bed, stub, server }: Scene, turn: number): Promise<number> {
  const name = `told${turn}`;
  const [hub, raw, client] = [bed.hub(), bed.raw(), openClient({ url: server.url, headers: {} })];
  await hub.start(name, 'running');
  await untilRunning(hub, name);
  const pod = await podOf(raw, bed.api.namespace, name);
  const told = new Promise<void>((resolve) => stub.onTold(() => resolve()));
  const from = performance.now();
  const answered = client.expect('POST', '/', { body: pod, headers: EVENT });
  await told;
  const took = performance.now() - from;
  await answered;
  await hub.stop(name);
  client.close();
  return took;
}

const EVENT = {
  'ce-specversion': '1.0',
  'ce-id': '1',
  'ce-source': 'https://10.43.0.1:443',
  'ce-type': 'dev.knative.apiserver.resource.update',
};

async function podOf(raw: Client, namespace: string, name: string): Promise<object> {
  const { items } = (await raw.expect('GET', `/api/v1/namespaces/${namespace}/pods`)) as {
    readonly items: readonly { readonly metadata: { readonly name: string } }[];
  };
  const found = items.find(({ metadata }) => metadata.name.startsWith(`deployment-main-${name}-`));
  if (found === undefined) throw new Error(`${name} has no pod`);
  return { kind: 'Pod', ...found };
}
