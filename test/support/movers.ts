// Movers of archives, as the cluster shows them.
import type { KubeObject } from '../../lib/kube/objects';
import { eventually } from './eventually';
import type { KubeClient } from './kubeClient';

export const MOVERS = 'hub-functions/kind=archive-mover';

interface SeenJob extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

export interface SeenPod extends KubeObject {
  readonly spec?: { readonly nodeName?: string };
}

export function isOver({ status }: SeenJob): boolean {
  return (
    status?.conditions?.some(({ type, status: held }) => /^(Complete|Failed)$/.test(type) && held === 'True') === true
  );
}

/** None is at work; those that have ended may still be there. */
export async function untilMoversEnded(kube: KubeClient): Promise<void> {
  await eventually(async () => {
    const working = (await kube.list('jobs', MOVERS)).filter((job) => !isOver(job));
    if (working.length > 0) throw new Error(`still at work: ${JSON.stringify(working)}`);
    return true;
  }, 60);
}

/** On which nodes they are; undefined for those that wait for one. */
export async function moverNodes(kube: KubeClient): Promise<readonly (string | undefined)[]> {
  const pods: readonly SeenPod[] = await kube.list('pods', MOVERS);
  return pods.map(({ spec }) => spec?.nodeName);
}
