// A tunnel's pod is scheduled, until the first byte of another system comes through its Service; beside a pod of the same image
// that answers by itself.
import { connect } from '../lib/kube/connect';
import { createKube } from '../lib/kube/kube';
import type { KubeObject } from '../lib/kube/objects';
import { LABELS } from '../lib/labels';
import { eventually } from '../test/support/eventually';
import type { KubeClient } from '../test/support/kubeClient';
import { createUserJobs } from '../test/support/userjobs/userJobs';
import { originOf } from '../test/support/userjobs/visits';
import { startWebServer } from '../test/support/userjobs/webServer';
import { untilFirstByte } from './instruments/firstByte';
import type { Finding, Measurement } from './instruments/measurement';
import { openPattern, PORT, type Way } from './instruments/ways';
import { compared, quantile, type Rounds } from './instruments/statistics';

const OPENINGS = 10;
const AT_MOST_MS = 2_000;
/** What is required speaks of the pod alone; this limit is our own. */
const WITH_POST_MS = 3_000;
const GONE_SECONDS = 60;

export const tunnel: Measurement = {
  name: 'tunnel',
  summary: 'tunnel open to first byte through the Service, from the moment the pod is scheduled, and from POST',
  needsSsh: true,
  measure: async ({ api }) => {
    if (!api.isReal) throw new Error('it needs --kubeconfig: pods of the embedded cluster are scheduled at once');
    globalThis.contractOn = 'kubeconfig';
    const web = await startWebServer('hello from another system');
    const userJobs = await createUserJobs();
    const watching = new AbortController();
    try {
      const { kube, namespace } = userJobs.world.cluster;
      const { tunnels, plainPods } = await openPattern(userJobs, web.port);
      const scheduled: Scheduled = new Map();
      const watched = noteScheduled(namespace, scheduled, watching.signal);
      const taking = takeTurns({ kube, scheduled }, { ours: tunnels, floor: plainPods });
      return findings(await Promise.race([taking, watched]));
    } finally {
      watching.abort();
      web.close();
      await userJobs.close();
    }
  },
};

/** When a pod was first seen with a node, by the anchor that its labels name. */
type Scheduled = Map<string, number>;

interface Opened {
  readonly fromPostMs: number;
  readonly fromScheduledMs: number;
}

type Sides<T> = Readonly<Record<'ours' | 'floor', T>>;

interface Seen {
  readonly kube: KubeClient;
  readonly scheduled: Scheduled;
}

/** A condition tells its time in whole seconds, so the change itself is watched. Only fails: it ends with the signal, and nobody waits for it then. */
async function noteScheduled(namespace: string, scheduled: Scheduled, signal: AbortSignal): Promise<never> {
  const kube = createKube((await connect({})).transport);
  const pods = { apiVersion: 'v1', kind: 'Pod', namespace };
  const note = (pod: KubeObject): void => {
    const { nodeName } = (pod['spec'] ?? {}) as { readonly nodeName?: string };
    if (nodeName !== undefined && !scheduled.has(anchorOf(pod))) scheduled.set(anchorOf(pod), performance.now());
  };
  const { items, resourceVersion = '0' } = await kube.list(pods, { signal });
  items.forEach(note);
  const selection = { ...pods, resourceVersion, timeoutSeconds: 1_800 };
  for await (const { object } of kube.watch(selection, { signal })) note(object);
  throw new Error('the watch of pods ended');
}

function anchorOf({ metadata }: KubeObject): string {
  return metadata?.labels?.[LABELS.anchor] ?? '';
}

/** The first of each side is not counted. */
async function takeTurns(seen: Seen, ways: Sides<(turn: number) => Way>): Promise<Sides<readonly Opened[]>> {
  const samples: Sides<Opened[]> = { ours: [], floor: [] };
  for (let turn = 0; turn <= OPENINGS; turn += 1) {
    for (const side of turn % 2 === 0 ? (['ours', 'floor'] as const) : (['floor', 'ours'] as const)) {
      const opened = await take(seen, ways[side](turn));
      if (turn > 0) samples[side].push(opened);
    }
  }
  return samples;
}

async function take({ kube, scheduled }: Seen, { service, open, close }: Way): Promise<Opened> {
  const from = performance.now();
  await open();
  const object = await kube.get('services', service);
  const anchor = anchorOf(object ?? {});
  const at = await untilFirstByte(originOf(object, PORT));
  const scheduledAt = await eventually(async () => scheduled.get(anchor));
  await close();
  await eventually(async () => {
    const left = await kube.list('pods', `${LABELS.anchor}=${anchor}`);
    return left.length === 0 ? true : undefined;
  }, GONE_SECONDS);
  return { fromPostMs: at - from, fromScheduledMs: at - scheduledAt };
}

function findings({ ours, floor }: Sides<readonly Opened[]>): readonly Finding[] {
  const times = (key: keyof Opened): Sides<Rounds> => ({
    ours: ours.map((opened) => [opened[key]]),
    floor: floor.map((opened) => [opened[key]]),
  });
  const [scheduled, post] = [times('fromScheduledMs'), times('fromPostMs')];
  const limit = { of: 'ours', atMost: AT_MOST_MS } as const;
  return [
    {
      name: 'tunnel-open',
      ...compared(scheduled.ours, scheduled.floor, 'ms'),
      limit,
      note: `from the watch event that gives the pod a node to the first byte of an answer through the Service's cluster IP;
floor: a Deployment and a Service of the same form and image, whose pod answers HTTP by itself`,
    },
    {
      name: 'tunnel-open-p90',
      ...compared([[p90(scheduled.ours)]], [[p90(scheduled.floor)]], 'ms'),
      limit,
      note: '9 of 10 openings were faster',
    },
    {
      name: 'tunnel-post',
      ...compared(post.ours, post.floor, 'ms'),
      limit: { of: 'ours', atMost: WITH_POST_MS },
      note: 'the same from the POST to userjobs; floor: from the first of two POSTs to the API server',
    },
  ];
}

function p90(rounds: Rounds): number {
  return quantile(rounds.flat(), 0.9);
}
