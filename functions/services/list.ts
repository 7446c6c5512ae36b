// Lists a caller's services: from the cache, else in one API request, or two with their state, however many there are.
import type { Call } from '../../lib/kube/kube';
import type { Pod } from '../../lib/status/observed';
import type { Anchor } from '../../lib/services/anchor';
import { findAnchors } from '../../lib/services/anchors';
import type { Sight } from './cache/sights';
import type { Context } from './context';
import { observePods, type AnchoredPod } from '../../lib/services/observe';
import { listedState, type Polled } from './poll';
import { serviceObject, serviceWithState } from './view';

export async function listServices(context: Context, credential: string, call: Call): Promise<readonly object[]> {
  const anchors = context.cache.look({ credential })?.anchors ?? (await findAnchors(context, { credential }, call));
  context.cache.warm();
  return onePerName(anchors).map(({ start }) => serviceObject(start));
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
  const { anchors, pods } = context.cache.look({ credential }) ?? (await readAll(context, credential, call));
  context.cache.warm();
  const byAnchor = groupByAnchor(pods);
  return onePerName(anchors).map((anchor) => ({
    anchor,
    state: listedState(context, anchor, byAnchor.get(anchor.uid) ?? []),
  }));
}

/** While an end is written down there are two of a name for a moment; the later one counts. */
function onePerName(anchors: readonly Anchor[]): readonly Anchor[] {
  return [...new Map(anchors.map((anchor) => [anchor.start.servername, anchor])).values()];
}

async function readAll(context: Context, credential: string, call: Call): Promise<Sight> {
  const [anchors, pods] = await Promise.all([
    findAnchors(context, { credential }, call),
    observePods(context, { credential }, call),
  ]);
  return { anchors, pods };
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
