// What is seen of services without asking: anchors and pods from list and watch, never older than promised (docs/adr/0008).
import type { Kube } from '../../../lib/kube/kube';
import { startReflector, type Pace } from '../../../lib/kube/reflector';
import type { Log } from '../../../lib/log';
import { type Anchor } from '../../../lib/services/anchor';
import { EVERY_ANCHOR, EVERY_POD, soughtHash, type Sought } from '../../../lib/services/names';
import { inOrder } from '../../../lib/services/anchors';
import type { AnchoredPod } from '../../../lib/services/observe';
import { keptAnchor, keptPod } from './kept';
import { createOwnWrites, type Written } from './ownWrites';
import { createShelf } from './shelf';
import { createSubscriptions } from './subscriptions';

export interface Sight {
  /** Oldest first, ended ones included. */
  readonly anchors: readonly Anchor[];
  readonly pods: readonly AnchoredPod[];
}

export interface Cache {
  /**
   * Undefined while nothing can be promised of what is sought: the cluster is to be asked. The same object until something
   * of it changes, so that whatever is derived from it can be kept beside it.
   */
  readonly look: (sought: Sought) => Sight | undefined;
  /** Begins to watch, soon but not now: the answer at hand comes first. */
  readonly warm: () => void;
  /** A write of this process to the anchor of a name, and what the watch will tell of it. */
  readonly during: <T>(sought: Required<Sought>, work: () => Promise<Written<T>>) => Promise<T>;
  /** Yields whenever anything that is sought may have changed, and once at the beginning; ends with the signal. */
  readonly changes: (sought: Sought, signal: AbortSignal) => AsyncIterable<void>;
  readonly stop: () => void;
}

export interface CacheOptions {
  readonly kube: Pick<Kube, 'list' | 'watch'>;
  readonly settings: {
    readonly namespace: string;
    /** What the cache tells is never older; 0: it tells nothing. */
    readonly file: { readonly services: { readonly watch_cache: { readonly max_age_seconds: number } } };
  };
  readonly log: Log;
}

const WARM_UP_PAUSE_MS = 100;
const WRITE_PATIENCE_MS = 1_000;

export function createCache({ kube, settings: { namespace, file }, log }: CacheOptions): Cache {
  const maxAgeSeconds = file.services.watch_cache.max_age_seconds;
  const maxAgeMs = maxAgeSeconds * 1000;
  const subscriptions = createSubscriptions();
  const sights = new Map<string, Sight>();
  const onChange = (group: string): void => {
    sights.delete(group);
    subscriptions.tell(group);
  };
  const anchors = createShelf<Anchor>((group, change, uid) => {
    writes.tell(group, `${change} ${uid}`);
    onChange(group);
  });
  const pods = createShelf<AnchoredPod>(onChange);
  let watches: readonly { readonly ageMs: () => number; readonly stop: () => void }[] = [];
  let warming: NodeJS.Timeout | undefined;
  const isFresh = (): boolean => watches.length > 0 && watches.every(({ ageMs }) => ageMs() < maxAgeMs);
  const writes = createOwnWrites({
    boundMs: maxAgeMs,
    patienceMs: () => (isFresh() ? WRITE_PATIENCE_MS : 0),
    isSeen: (trace) => trace.startsWith('put ') && anchors.has(trace.slice('put '.length)),
  });

  const start = (): void => {
    const common = { kube, log, pace: paceOf(maxAgeSeconds) };
    const inNamespace = { apiVersion: 'v1', namespace };
    const anchorSelection = { ...inNamespace, kind: 'ConfigMap', labelSelector: EVERY_ANCHOR };
    const podSelection = { ...inNamespace, kind: 'Pod', labelSelector: EVERY_POD };
    watches = [
      startReflector({ ...common, selection: anchorSelection, keep: keptAnchor, mirror: anchors }),
      startReflector({ ...common, selection: podSelection, keep: keptPod, mirror: pods }),
    ];
  };

  return {
    look: (sought) => {
      const group = soughtHash(sought);
      if (!isFresh() || writes.isOpen(group)) return undefined;
      const sight = sights.get(group) ?? { anchors: inOrder(anchors.find(group), sought), pods: pods.find(group) };
      // Nothing is kept of names that are not there: anybody may make up any number of them.
      if (sight.anchors.length > 0) sights.set(group, sight);
      return sight;
    },
    warm: () => {
      if (maxAgeSeconds > 0) warming ??= setTimeout(start, WARM_UP_PAUSE_MS);
    },
    during: async (sought, work) => {
      return writes.during([soughtHash(sought), soughtHash({ credential: sought.credential })], work);
    },
    changes: (sought, signal) => subscriptions.follow(soughtHash(sought), signal),
    stop: () => {
      clearTimeout(warming);
      for (const watch of watches) watch.stop();
    },
  };
}

/** A dead watch is found, and a list made in its place, before the promise runs out. */
function paceOf(maxAgeSeconds: number): Pace {
  return {
    watchSeconds: Math.floor((maxAgeSeconds * 2) / 3),
    silenceMs: (maxAgeSeconds * 1000) / 6,
    relistAfterMs: (maxAgeSeconds * 1000) / 2,
    firstPauseMs: 200,
    longestPauseMs: 5_000,
  };
}
