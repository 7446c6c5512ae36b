// A function's log handlers as its process has them: followed in the cluster, told in /metrics, flushed before the end.
import { hostname } from 'node:os';
import type { Call, Kube } from '../kube/kube';
import type { KubeObject } from '../kube/objects';
import { startReflector, type Pace, type Reflector } from '../kube/reflector';
import type { FunctionLog } from '../log';
import { documentRef, DOCUMENT_NAME, NO_HANDLERS, readHandlers, type Handlers } from './document';
import { createHandlers } from './handlers';
import type { Writer } from './messages';
import { metricsText } from './metrics';
import { startWorker } from './workerLink';

export interface LoggingOptions {
  readonly kube: Pick<Kube, 'get' | 'list' | 'watch'>;
  readonly namespace: string;
  readonly log: FunctionLog;
}

export interface Logging {
  /** Starts to watch the configuration: after the first callers were served, which it must not be in the way of. */
  readonly follow: (settings: { readonly smtpDirectory?: string }) => void;
  readonly apply: (handlers: Handlers) => void;
  /** Reads the configuration as it is now. */
  readonly refresh: (call: Call) => Promise<void>;
  readonly metrics: () => string;
  /** What was told leaves the process, if it can within this time. */
  readonly close: (patienceMs: number) => Promise<void>;
}

const FOLLOW_AFTER_MS = 250;
const PACE: Pace = {
  watchSeconds: 240,
  silenceMs: 10_000,
  relistAfterMs: 600_000,
  firstPauseMs: 200,
  longestPauseMs: 30_000,
};

export function createLogging({ kube, namespace, log }: LoggingOptions): Logging {
  let writer: Writer = { function: log.name, instance: hostname(), pid: process.pid, smtpDirectory: '' };
  const handlers = createHandlers({ log, startWorker: () => startWorker(writer), clock: () => new Date() });
  let starting: NodeJS.Timeout | undefined;
  let reflector: Reflector | undefined;

  const take = (object: KubeObject | undefined): void => {
    try {
      handlers.apply(object === undefined ? NO_HANDLERS : readHandlers(object));
    } catch (error) {
      log.error('the configuration of log handlers cannot be read', { error });
    }
  };

  const start = (): void => {
    reflector = startReflector<KubeObject>({
      kube,
      log,
      selection: { apiVersion: 'v1', kind: 'ConfigMap', namespace, fieldSelector: `metadata.name=${DOCUMENT_NAME}` },
      keep: (object) => object,
      mirror: { replace: ([object]) => take(object), put: take, remove: () => take(undefined) },
      pace: PACE,
    });
  };

  return {
    follow: ({ smtpDirectory = '' }) => {
      writer = { ...writer, smtpDirectory };
      starting ??= setTimeout(start, FOLLOW_AFTER_MS);
    },
    apply: handlers.apply,
    refresh: async (call) => take(await kube.get(documentRef(namespace), call)),
    metrics: () => metricsText(handlers.counted()),
    close: async (patienceMs) => {
      clearTimeout(starting);
      reflector?.stop();
      await handlers.close(patienceMs);
    },
  };
}
