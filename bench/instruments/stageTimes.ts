// When pods of stages were made and ended, and when sets were over, as the API server tells it to whoever watches.
import { EventEmitter, once } from 'node:events';
import { connect } from '../../lib/kube/connect';
import { createKube, type Kube } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { LABELS } from '../../lib/labels';
import type { Bed } from './bed';
import { inCluster } from './inCluster';

export interface StageTimes {
  /** On the clock of `performance`; undefined of what has not happened yet. */
  readonly made: (set: string, stage: string) => number | undefined;
  readonly ended: (set: string, stage: string) => number | undefined;
  readonly over: (set: string) => number | undefined;
  /** Resolves with the next thing that happens; fails when it can no longer be seen. */
  readonly next: () => Promise<unknown>;
  readonly close: () => void;
}

type SeenPod = KubeObject & { readonly status?: { readonly phase?: string } };

const SECONDS = 3_000;

export async function watchStages(bed: Bed): Promise<StageTimes> {
  const pod = await inCluster(bed.api);
  const { KUBE_API_URL: apiUrl, KUBE_TOKEN_FILE: tokenFile, KUBE_CA_FILE: caFile } = pod.environment;
  const kube = createKube((await connect({ apiUrl, tokenFile, caFile })).transport);
  const { namespace } = bed.api;
  const [made, ended, over] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  const news = new EventEmitter();
  const note = (times: Map<string, number>, key: string): void => {
    if (times.has(key)) return;
    times.set(key, performance.now());
    news.emit('news');
  };
  const ending = new AbortController();
  const watching = Promise.race([
    each<SeenPod>(await since(kube, { kind: 'Pod', namespace }), ending.signal, ({ metadata, status }) => {
      const { [LABELS.jobSet]: set, [LABELS.stage]: stage } = metadata?.labels ?? {};
      note(made, `${set} ${stage}`);
      if (status?.phase === 'Succeeded' || status?.phase === 'Failed') note(ended, `${set} ${stage}`);
    }),
    each(await since(kube, { kind: 'ConfigMap', namespace }), ending.signal, ({ metadata }) => {
      const { [LABELS.phase]: phase = 'active', [LABELS.jobSet]: set } = metadata?.labels ?? {};
      if (set !== undefined && phase !== 'active') note(over, set);
    }),
  ]);
  watching.catch(() => undefined);
  return {
    made: (set, stage) => made.get(`${set} ${stage}`),
    ended: (set, stage) => ended.get(`${set} ${stage}`),
    over: (set) => over.get(set),
    next: async () => Promise.race([once(news, 'news'), watching]),
    close: () => {
      ending.abort();
      pod.close();
    },
  };
}

interface Since {
  readonly kube: Kube;
  readonly kind: string;
  readonly namespace: string;
  readonly resourceVersion: string;
}

/** Nothing that is made from then on is missed. */
async function since(kube: Kube, { kind, namespace }: Pick<Since, 'kind' | 'namespace'>): Promise<Since> {
  const collection = { apiVersion: 'v1', kind, namespace, limit: 1 };
  const { resourceVersion = '0' } = await kube.list(collection, { signal: AbortSignal.timeout(10_000) });
  return { kube, kind, namespace, resourceVersion };
}

async function each<T extends KubeObject>(
  { kube, ...from }: Since,
  signal: AbortSignal,
  see: (object: T) => void,
): Promise<never> {
  const selection = { apiVersion: 'v1', ...from, timeoutSeconds: SECONDS };
  for await (const { object } of kube.watch<T>(selection, { signal })) see(object);
  throw new Error(`the watch of ${from.kind} ended`);
}
