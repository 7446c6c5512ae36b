// The two watches that feed the cache: everybody's anchors, and the pods of everybody's main Deployments.
import type { Kube } from '../../../lib/kube/kube';
import { startReflector, type Pace, type Reflector } from '../../../lib/kube/reflector';
import type { Log } from '../../../lib/log';
import { EVERY_ANCHOR, EVERY_POD } from '../../../lib/services/names';
import { keptAnchor, keptPod } from './kept';
import type { Sights } from './sights';

export interface WatchesOptions {
  readonly kube: Pick<Kube, 'list' | 'watch'>;
  readonly namespace: string;
  readonly log: Log;
  readonly maxAgeSeconds: number;
  readonly sights: Sights;
}

export function startWatches({ sights, maxAgeSeconds, namespace, ...common }: WatchesOptions): readonly Reflector[] {
  const options = { ...common, pace: paceOf(maxAgeSeconds) };
  const anchors = { apiVersion: 'v1', kind: 'ConfigMap', namespace, labelSelector: EVERY_ANCHOR };
  const pods = { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: EVERY_POD };
  return [
    startReflector({ ...options, selection: anchors, keep: keptAnchor, mirror: sights.anchors }),
    startReflector({ ...options, selection: pods, keep: keptPod, mirror: sights.pods }),
  ];
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
