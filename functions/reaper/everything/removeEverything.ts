// Removes all that functions have made in a namespace, users' claims included, again and again until nothing is left of it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kube } from '../../../lib/kube/kube';
import type { KubeObject } from '../../../lib/kube/objects';
import { LABELS, MANAGED_BY } from '../../../lib/labels';

export interface Everything {
  readonly kube: Kube;
  readonly namespace: string;
  /** `Secret/name`: of the core group, and without a label of ours. */
  readonly named: readonly string[];
  readonly patienceMs: number;
}

interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

const kinds = (apiVersion: string, ...names: readonly string[]): readonly Kind[] =>
  names.map((kind) => ({ apiVersion, kind }));

/** All that descriptions may hold and functions make: what makes others first, what others stand on last. */
const KINDS = [
  ...kinds('batch/v1', 'CronJob', 'Job'),
  ...kinds('apps/v1', 'Deployment', 'StatefulSet', 'DaemonSet'),
  ...kinds('v1', 'Pod', 'Service'),
  ...kinds('networking.k8s.io/v1', 'Ingress', 'NetworkPolicy'),
  ...kinds('policy/v1', 'PodDisruptionBudget'),
  ...kinds('v1', 'PersistentVolumeClaim', 'ServiceAccount', 'Secret', 'ConfigMap'),
];

const OURS = `${LABELS.managedBy}=${MANAGED_BY}`;
const PAGE = 500;
const PAUSE_MS = 1_000;

/** Answers what is left when patience ends. */
export async function removeEverything({ patienceMs, ...from }: Everything): Promise<readonly string[]> {
  const call = { signal: AbortSignal.timeout(patienceMs * 2) };
  const until = performance.now() + patienceMs;
  for (;;) {
    // A function that is still ending may make something more, so that one round is not enough.
    for (const kind of KINDS) {
      await from.kube.deleteAll({ ...kind, namespace: from.namespace, labelSelector: OURS }, call);
    }
    for (const path of from.named) await removeNamed(from, path, call);
    const left = await whatIsLeft(from, call);
    if (left.length === 0 || performance.now() > until) return left;
    await sleep(PAUSE_MS);
  }
}

type From = Omit<Everything, 'patienceMs'>;
type Call = Parameters<Kube['ready']>[0];

async function removeNamed({ kube, namespace }: From, path: string, call: Call): Promise<void> {
  const ref = { ...refOf(path), namespace };
  const uid = (await kube.get<KubeObject>(ref, call))?.metadata?.uid;
  if (uid !== undefined) await kube.delete(ref, { uid }, call);
}

async function whatIsLeft({ kube, namespace, named }: From, call: Call): Promise<readonly string[]> {
  const labelled = await Promise.all(
    KINDS.map(async ({ kind, apiVersion }) => {
      const selection = { apiVersion, kind, namespace, labelSelector: OURS, limit: PAGE, metadataOnly: true } as const;
      const { items } = await kube.list<KubeObject>(selection, call);
      return items.map(({ metadata }) => `${kind}/${metadata?.name}`);
    }),
  );
  const others = await Promise.all(
    named.map(async (path) => {
      const found = await kube.get<KubeObject>({ ...refOf(path), namespace }, call);
      return found === undefined ? [] : [path];
    }),
  );
  return [...labelled, ...others].flat();
}

function refOf(path: string): Kind & { readonly name: string } {
  const [kind = '', name = ''] = path.split('/');
  return { apiVersion: 'v1', kind, name };
}
