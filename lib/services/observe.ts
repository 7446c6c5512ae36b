// Reads from the cluster what a diagnosis looks at: pods first, the rest only where pods leave a question.
import type { Call } from '../kube/kube';
import type { KubeObject } from '../kube/objects';
import { LABELS } from '../labels';
import { isOwnedBy } from '../manifests/ownership';
import type { Deployment, KubeEvent, Pod } from '../status/observed';
import type { Anchor } from './anchor';
import { podSelector, podSelectorOf, type Sought } from './names';
import type { ServiceContext } from './context';
import { mainDeploymentName } from './mainDeployment';

export interface AnchoredPod {
  readonly anchorUid: string;
  readonly pod: Pod;
}

/** Pods of main Deployments. */
export async function observePods(
  context: ServiceContext,
  sought: Sought,
  call: Call,
): Promise<readonly AnchoredPod[]> {
  return listPods(context, podSelector(sought), call);
}

/** The same for one anchor that is known by its name only. */
export async function observePodsOf(
  context: ServiceContext,
  anchor: string,
  call: Call,
): Promise<readonly AnchoredPod[]> {
  return listPods(context, podSelectorOf(anchor), call);
}

/** From the API server's cache: a second old at most, and it costs no read of etcd. */
async function listPods({ kube, settings }: ServiceContext, labelSelector: string, call: Call) {
  const selection = { ...inNamespace('v1', 'Pod', settings.namespace), labelSelector };
  const { items } = await kube.list({ ...selection, resourceVersion: '0' }, call);
  return items.map(anchoredPod);
}

export function anchoredPod(pod: KubeObject): AnchoredPod {
  return { anchorUid: pod.metadata?.labels?.[LABELS.anchorUid] ?? '', pod };
}

export async function observeDeployment(
  { kube, settings }: ServiceContext,
  { start, object }: Anchor,
  call: Call,
): Promise<Deployment | undefined> {
  const name = mainDeploymentName(start, settings);
  const found = await kube.get<KubeObject>({ ...inNamespace('apps/v1', 'Deployment', settings.namespace), name }, call);
  return found !== undefined && isOwnedBy(object, found) ? found : undefined;
}

export async function observeEvents(
  { kube, settings }: ServiceContext,
  pods: readonly Pod[],
  call: Call,
): Promise<readonly KubeEvent[]> {
  const names = pods.map(({ metadata }) => metadata?.name ?? '');
  const pages = await Promise.all(
    names.map(async (name) => {
      const fieldSelector = `involvedObject.name=${name}`;
      return kube.list(
        { ...inNamespace('v1', 'Event', settings.namespace), fieldSelector, resourceVersion: '0' },
        call,
      );
    }),
  );
  return pages.flatMap(({ items }) => items as readonly KubeEvent[]);
}

function inNamespace(apiVersion: string, kind: string, namespace: string) {
  return { apiVersion, kind, namespace };
}
