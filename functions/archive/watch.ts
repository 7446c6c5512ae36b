// The ConfigMap that tells when claims were in use: read by whoever has to know, written by sweeps and before backups.
import { hasCode } from '../../lib/kube/errors';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import type { Claim } from './claims';
import type { Context } from './context';
import { refOf, unlessChanged } from './find';
import { USAGE_NAME } from './names';
import { freeChange, readUsage, usageChanges, usageManifest, type Sight, type Usage } from './usage';

export async function getUsage(context: Context, call: Call): Promise<Usage> {
  return readUsage(await context.kube.get<KubeObject>(refOf(context, 'ConfigMap', USAGE_NAME), call));
}

/** What a sweep has seen. Where two of them write at once, one of them is enough. */
export async function noteUsage(context: Context, sight: Sight, call: Call): Promise<Usage> {
  const usage = await getUsage(context, call);
  const data = usageChanges(usage, sight);
  if (usage.object === undefined) return readUsage(await created(context, data, call));
  return readUsage((await patched(context, usage, data, call)) ?? usage.object);
}

async function created(context: Context, data: Readonly<Record<string, string | null>>, call: Call) {
  try {
    return await context.kube.create<KubeObject>(usageManifest(context.settings.namespace, data), call);
  } catch (error) {
    if (!hasCode(error, 'already_exists')) throw error;
    return undefined;
  }
}

/** Whoever is about to be archived is in use no more: the next sweep would only know that it was let go at some time. */
export async function noteFree(context: Context, claim: Claim, call: Call): Promise<void> {
  const usage = await getUsage(context, call);
  const data = freeChange(usage, claim, context.clock());
  if (data !== undefined) await patched(context, usage, data, call);
}

async function patched(
  context: Context,
  { object }: Usage,
  ...[data, call]: readonly [data: object, call: Call]
): Promise<KubeObject | undefined> {
  const { uid, resourceVersion } = object?.metadata ?? {};
  const patch = { metadata: { uid, resourceVersion }, data };
  return unlessChanged(context.kube.mergePatch<KubeObject>(refOf(context, 'ConfigMap', USAGE_NAME), patch, call));
}
