// Changes the progress on an anchor as if nobody else did: what was decided on a version that is not the newest is decided again.
import { hasCode } from '../kube/errors';
import type { Call } from '../kube/kube';
import type { KubeObject } from '../kube/objects';
import { progressPatch, toAnchor, type Anchor } from './anchor';
import { getAnchor } from './anchors';
import type { ServiceContext } from './context';
import type { Progress } from './progress';

/** Pure, and the same object when nothing changes: it may be asked more than once. */
export type Revise = (progress: Progress) => Progress;

/** The anchor with its progress revised; undefined when it is gone, replaced or a mere record by now. */
export async function reviseProgress(
  context: ServiceContext,
  { anchor, revise }: { readonly anchor: Anchor; readonly revise: Revise },
  call: Call,
): Promise<Anchor | undefined> {
  for (let current: Anchor | undefined = anchor; current !== undefined; current = await reread(context, anchor, call)) {
    const progress = revise(current.progress);
    if (progress === current.progress) return current;
    const written = await write(context, { anchor: current, progress }, call);
    if (written !== 'outdated') return written;
  }
  return undefined;
}

async function write(
  { kube, settings }: ServiceContext,
  { anchor, progress }: { readonly anchor: Anchor; readonly progress: Progress },
  call: Call,
): Promise<Anchor | undefined | 'outdated'> {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: settings.namespace, name: anchor.name };
  try {
    const written = await kube.mergePatch<KubeObject>(ref, progressPatch(progress, anchor.object), call);
    return written && toAnchor(written);
  } catch (error) {
    if (hasCode(error, 'conflict')) return 'outdated';
    throw error;
  }
}

async function reread(context: ServiceContext, { name, uid }: Anchor, call: Call): Promise<Anchor | undefined> {
  const found = await getAnchor(context, name, call);
  return found?.uid === uid ? found : undefined;
}
