// Lists a caller's services, in one API request, or two with their state, however many there are.
import type { Call } from '../../lib/kube/kube';
import type { Pod } from '../../lib/status/observed';
import { findAnchors } from '../../lib/services/anchors';
import type { Context } from './context';
import { observePods, type AnchoredPod } from '../../lib/services/observe';
import { listedState, type Polled } from './poll';
import { serviceObject, serviceWithState } from './view';

export async function listServices(context: Context, credential: string, call: Call): Promise<readonly object[]> {
  return (await findAnchors(context, { credential }, call)).map(({ start }) => serviceObject(start));
}

export async function listServicesWithState(
  context: Context,
  credential: string,
  call: Call,
): Promise<readonly object[]> {
  return (await listPolled(context, credential, call)).map(({ anchor, state }) => {
    return serviceWithState(anchor.start, state);
  });
}

export async function listPolled(context: Context, credential: string, call: Call): Promise<readonly Polled[]> {
  const [anchors, pods] = await Promise.all([
    findAnchors(context, { credential }, call),
    observePods(context, { credential }, call),
  ]);
  const byAnchor = groupByAnchor(pods);
  return anchors.map((anchor) => ({ anchor, state: listedState(context, anchor, byAnchor.get(anchor.uid) ?? []) }));
}

function groupByAnchor(pods: readonly AnchoredPod[]): ReadonlyMap<string, readonly Pod[]> {
  const byAnchor = new Map<string, Pod[]>();
  for (const { anchorUid, pod } of pods) {
    const known = byAnchor.get(anchorUid);
    if (known) known.push(pod);
    else byAnchor.set(anchorUid, [pod]);
  }
  return byAnchor;
}
