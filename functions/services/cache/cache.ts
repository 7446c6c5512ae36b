// What is told of services without asking: from list and watch, never older than promised (docs/adr/0008).
import type { Kube } from '../../../lib/kube/kube';
import type { Reflector } from '../../../lib/kube/reflector';
import type { Log } from '../../../lib/log';
import { soughtHash, type Sought } from '../../../lib/services/names';
import { createOwnWrites, type Written } from './ownWrites';
import { createSights, type Sight } from './sights';
import { createSubscriptions } from './subscriptions';
import { startWatches } from './watches';

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
  let watches: readonly Reflector[] = [];
  let warming: NodeJS.Timeout | undefined;
  const isFresh = (): boolean => watches.length > 0 && watches.every(({ ageMs }) => ageMs() < maxAgeMs);

  const subscriptions = createSubscriptions();
  const sights = createSights({
    onAnchor: (group, change, uid) => writes.tell(group, `${change} ${uid}`),
    onChange: subscriptions.tell,
  });
  const writes = createOwnWrites({
    boundMs: maxAgeMs,
    patienceMs: () => (isFresh() ? WRITE_PATIENCE_MS : 0),
    isSeen: (trace) => trace.startsWith('put ') && sights.anchors.has(trace.slice('put '.length)),
  });

  const start = (): void => {
    watches = startWatches({ kube, namespace, log, maxAgeSeconds, sights });
  };

  return {
    look: (sought) => (isFresh() && !writes.isOpen(soughtHash(sought)) ? sights.look(sought) : undefined),
    warm: () => {
      if (maxAgeSeconds > 0) warming ??= setTimeout(start, WARM_UP_PAUSE_MS);
    },
    during: async ({ credential, servername }, work) => {
      return writes.during([soughtHash({ credential, servername }), soughtHash({ credential })], work);
    },
    changes: (sought, signal) => subscriptions.follow(soughtHash(sought), signal),
    stop: () => {
      clearTimeout(warming);
      for (const watch of watches) watch.stop();
    },
  };
}
