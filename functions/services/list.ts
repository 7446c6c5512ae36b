// Lists a caller's services, in one API request, or two with their state, however many there are.
import type { Call } from '../../lib/kube/kube';
import { findAnchors } from './anchors/anchors';
import type { Context } from './context';
import { mainPodsOf, observePods, type OwnedPod } from './state/observe';
import { listedState } from './poll';
import { serviceObject, serviceWithState } from './view';

export async function listServices(context: Context, credential: string, call: Call): Promise<readonly object[]> {
  return (await findAnchors(context, { credential }, call)).map(({ start }) => serviceObject(start));
}

export async function listServicesWithState(
  context: Context,
  credential: string,
  call: Call,
): Promise<readonly object[]> {
  const [anchors, pods] = await Promise.all([
    findAnchors(context, { credential }, call),
    observePods(context, { credential }, call),
  ]);
  const byAnchor = groupByAnchor(pods);
  return anchors.map((anchor) => {
    const own = mainPodsOf(anchor, byAnchor.get(anchor.name) ?? [], context.settings);
    return serviceWithState(anchor.start, listedState(context, anchor, own));
  });
}

function groupByAnchor(pods: readonly OwnedPod[]): ReadonlyMap<string, readonly OwnedPod[]> {
  const byAnchor = new Map<string, OwnedPod[]>();
  for (const pod of pods) {
    const known = byAnchor.get(pod.anchor);
    if (known) known.push(pod);
    else byAnchor.set(pod.anchor, [pod]);
  }
  return byAnchor;
}
