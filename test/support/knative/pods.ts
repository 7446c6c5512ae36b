// The pods of a function on Knative: how many serve, how many are left.
import type { KubeObject } from '../../../lib/kube/objects';
import { eventually } from '../eventually';
import type { Installation } from './installation';
import { READY_SECONDS } from './kubectl';

export type Pod = KubeObject & {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
};

/** Pods that nobody has ended yet. */
export async function livingPods({ kube }: Installation, name: string): Promise<readonly Pod[]> {
  const pods = await kube.list('pods', `serving.knative.dev/service=hub-functions-${name}`);
  return pods.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
}

export function isServing({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: held }) => type === 'Ready' && held === 'True') ?? false;
}

export async function readyPods(installation: Installation, name: string): Promise<readonly string[]> {
  const pods = await livingPods(installation, name);
  return pods.filter(isServing).map(({ metadata }) => metadata?.name ?? '');
}

/** Those that are still ending count as well. */
export async function untilNone({ kube }: Installation, name: string, seconds: number): Promise<void> {
  await eventually(async () => {
    const pods = await kube.list('pods', `serving.knative.dev/service=hub-functions-${name}`);
    if (pods.length > 0) throw new Error(`${pods.length} pods are left`);
    return true;
  }, seconds);
}

export async function untilReady(installation: Installation, name: string, count: number): Promise<readonly string[]> {
  return eventually(async () => {
    const ready = await readyPods(installation, name);
    if (ready.length !== count) throw new Error(`${ready.length} of ${count} pods are ready`);
    return ready;
  }, READY_SECONDS);
}
