// What of servers is in a cluster.
import type { KubeClient } from '../../support/kubeClient';

/** Names like `Secret/name`; records of servers that ended are not counted. */
export async function contentsOf(kube: KubeClient, selector?: string): Promise<readonly string[]> {
  const records = await kube.list('configmaps', 'hub-functions/phase=ended');
  const names = new Set(records.map(({ metadata }) => `ConfigMap/${metadata?.name}`));
  return (await kube.everything(selector)).filter((name) => !names.has(name));
}
