// What everything that runs one pod shares.
import { PODS, type Client } from '../controllers/client';
import type { Occurrence } from '../controllers/occurrence';
import type { Pod } from '../controllers/wire';
import type { LogHub } from './logFile';
import type { KubeletOptions } from './options';
import type { Ports } from './rewriting';
import type { RunningProcess } from './runningProcess';
import type { StatusBoard } from './statusBoard';

export interface PodContext {
  readonly client: Client;
  /** As it was bound; its containers never change. */
  readonly pod: Pod;
  readonly options: KubeletOptions;
  /** Holds the pod's volumes, logs and working folders. */
  readonly folder: string;
  readonly ports: Ports;
  readonly logs: LogHub;
  readonly status: StatusBoard;
  readonly record: (occurrence: Occurrence) => void;
  /** Every process of the pod that is alive. */
  readonly processes: {
    readonly add: (process: RunningProcess) => void;
    readonly delete: (process: RunningProcess) => void;
  };
  /** Aborts when nothing of the pod may be started any more. */
  readonly stopping: AbortSignal;
  /** Resolves after a while, or earlier when something changes that the pod may wait for, or when it stops. */
  readonly changed: (timeoutMs: number) => Promise<void>;
}

/** With the labels, annotations and status of now. */
export function latestPod({ client, pod }: Pick<PodContext, 'client' | 'pod'>): Pod {
  const found = client.get(PODS, pod.metadata.namespace, pod.metadata.name);
  return found?.metadata.uid === pod.metadata.uid ? found : pod;
}

/** How messages name a pod: `web_default(uid)`. */
export function podLabel({ metadata }: Pod): string {
  return `${metadata.name}_${metadata.namespace}(${metadata.uid})`;
}

export function graceMs({ spec }: Pod): number {
  return (spec.terminationGracePeriodSeconds ?? 30) * 1000;
}

/** Resolves early, and never rejects, when the signal aborts. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(ms, 2 ** 31 - 1));
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
