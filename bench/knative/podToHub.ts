// The API server tells that a pod is ready, until the hub hears of it: source, broker, trigger and a warm `status` in between.
import { connect } from '../../lib/kube/connect';
import { createKube } from '../../lib/kube/kube';

import { eventually } from '../../test/support/eventually';
import { hubOf, type Hub } from '../../test/support/hub';
import { NODE_ADDRESS, startHubStub } from '../../test/support/hubStub';
import { install } from '../../test/support/knative/installation';
import { HUB } from '../../test/support/knative/overlay';
import { isServing, type Pod } from '../../test/support/knative/pods';
import { mainDeployment, yaml } from '../../test/support/manifests';
import type { Measurement } from '../instruments/measurement';
import { toFigure } from '../instruments/statistics';

const WARM_UP = 3;
const SAMPLES = 20;
const AT_MOST_MS = 150;
const PATIENCE_SECONDS = 60;

/** When something was first seen of a start, by its name. */
type Seen = Map<string, number>;

export const podToHub: Measurement = {
  name: 'podToHub',
  summary: 'a pod becomes ready until its hub hears of it, through ApiServerSource, broker and trigger of Knative',
  needsKnative: true,
  measure: async () => {
    const [ready, told]: [Seen, Seen] = [new Map(), new Map()];
    const stub = await startHubStub(NODE_ADDRESS);
    stub.onTold(({ path, body }) => {
      if (body.message === 'The service is running.') told.set(path.split('/').at(-1) ?? '', performance.now());
    });
    const installation = await install({
      config: { hubs: { [HUB]: [stub.url] } },
      descriptions: { sleeper: yaml(mainDeployment()) },
    });
    const watching = new AbortController();
    try {
      const watched = noteReady(installation.namespace, ready, watching.signal);
      const hub = hubOf({ request: await installation.request('services') }, HUB);
      const names = Array.from({ length: WARM_UP + SAMPLES }, (_, turn) => `told${turn}x`);
      for (const name of names) await Promise.race([startAndStop(hub, name, told), watched]);
      const times = names.slice(WARM_UP).map((name) => (told.get(name) ?? 0) - (ready.get(name) ?? Number.NaN));
      const note = 'from the watch event that makes a pod ready to the POST at the hub; functions are warm';
      return [{ name: 'pod-to-hub', ours: toFigure(times, 'ms'), limit: { of: 'ours', atMost: AT_MOST_MS }, note }];
    } finally {
      watching.abort();
      stub.close();
      await installation.close();
    }
  },
};

/** Only fails: it ends with the signal, and nobody waits for it then. */
async function noteReady(namespace: string, ready: Seen, signal: AbortSignal): Promise<never> {
  const kube = createKube((await connect({})).transport);
  const pods = { apiVersion: 'v1', kind: 'Pod', namespace };
  const { resourceVersion = '0' } = await kube.list(pods, { signal });
  const selection = { ...pods, resourceVersion, timeoutSeconds: 600 };
  for await (const { object } of kube.watch<Pod>(selection, { signal })) {
    const [, name] = /-(told\d+x)-/.exec(object.metadata?.name ?? '') ?? [];
    if (name !== undefined && isServing(object) && !ready.has(name)) ready.set(name, performance.now());
  }
  throw new Error('the watch of pods ended');
}

async function startAndStop(hub: Hub, name: string, told: Seen): Promise<void> {
  const env = { JUPYTERHUB_STATUS_URL: `users/progress/status/${name}` };
  const { status, text } = await hub.start(name, { service: 'sleeper', startId: '1', env });
  if (status !== 201) throw new Error(`a start was answered ${status}: ${text}`);
  await eventually(async () => told.get(name), PATIENCE_SECONDS);
  await hub.stop(name);
}
