// What of servers is in a cluster.
import { USAGE_NAME } from '../../../functions/archive/names';
import type { KubeClient } from '../../support/kubeClient';

/** No server's, or kept on purpose. */
const OTHERS = ['hub-functions/phase=ended', 'hub-functions/kind=reaper-report'];
/** When the archive function saw each claim in use. */
const USAGE = `ConfigMap/${USAGE_NAME}`;

/** Names like `Secret/name`; records of servers that ended and what functions keep for themselves are not counted. */
export async function contentsOf(kube: KubeClient, selector?: string): Promise<readonly string[]> {
  const others = await Promise.all(OTHERS.map(async (labels) => kube.list('configmaps', labels)));
  const names = new Set([USAGE, ...others.flat().map(({ metadata }) => `ConfigMap/${metadata?.name}`)]);
  return (await kube.everything(selector)).filter((name) => !names.has(name));
}
