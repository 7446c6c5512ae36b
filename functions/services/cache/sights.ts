// What there is to be seen of services: anchors and pods on their shelves, put together for whoever looks.
import type { Anchor } from '../../../lib/services/anchor';
import type { Sought } from '../../../lib/services/names';
import { soughtHash } from '../../../lib/services/names';
import { inOrder } from '../../../lib/services/anchors';
import type { AnchoredPod } from '../../../lib/services/observe';
import { createShelf, type OnChange, type Shelf } from './shelf';

export interface Sight {
  /** Oldest first, ended ones included. */
  readonly anchors: readonly Anchor[];
  readonly pods: readonly AnchoredPod[];
}

export interface Sights {
  readonly anchors: Shelf<Anchor>;
  readonly pods: Shelf<AnchoredPod>;
  /** The same object until something of it changes. */
  readonly look: (sought: Sought) => Sight;
}

export interface SightsOptions {
  readonly onAnchor: OnChange;
  /** Anything of a group. */
  readonly onChange: (group: string) => void;
}

export function createSights({ onAnchor, onChange }: SightsOptions): Sights {
  const seen = new Map<string, Sight>();
  const forget = (group: string): void => {
    seen.delete(group);
    onChange(group);
  };
  const anchors = createShelf<Anchor>((group, change, uid) => {
    forget(group);
    onAnchor(group, change, uid);
  });
  const pods = createShelf<AnchoredPod>(forget);

  const look = (sought: Sought): Sight => {
    const group = soughtHash(sought);
    const sight = seen.get(group) ?? { anchors: inOrder(anchors.find(group), sought), pods: pods.find(group) };
    // Nothing is kept of names that are not there: anybody may make up any number of them.
    if (sight.anchors.length > 0) seen.set(group, sight);
    return sight;
  };

  return { anchors, pods, look };
}
