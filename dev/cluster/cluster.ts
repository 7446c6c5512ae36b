// The embedded cluster: store, API, controllers and kubelet, wired together in this process.
import type { Transport } from '../../lib/kube/transport';
import { admit } from './api/admission/admit';
import { trackQuotas } from './api/admission/quota';
import { createApi } from './api/api';
import { createFaultInjector, type Faults, type RequestRecord } from './api/faults';
import { optional } from './api/json';
import type { PodLogs } from './api/podLogs';
import { statusError } from './api/status';
import { bootstrapNamespaces } from './controllers/bootstrap';
import { createClient } from './controllers/client';
import { startControllers } from './controllers/controllers';
import { startKubelet, type KubeletOptions } from './kubelet/kubelet';
import { createStore, type Store } from './store';

export interface ClusterOptions {
  readonly clock?: () => Date;
  /** Deployments, Jobs, garbage collection ...; on unless told otherwise. */
  readonly controllers?: boolean;
  /** First delay before a Job replaces a failed pod. */
  readonly jobBackOffBaseMs?: number;
  /** `none`: pods are scheduled but nothing runs. */
  readonly kubelet?: KubeletOptions | 'none';
}

export interface Cluster {
  readonly store: Store;
  readonly transport: Transport;
  readonly faults: Faults;
  /** Every API request so far. */
  readonly requests: () => readonly RequestRecord[];
  /** Forgets the past changes: watches from before get 410 Gone. */
  readonly compact: () => void;
  readonly stop: () => Promise<void>;
}

export function createCluster(options: ClusterOptions = {}): Cluster {
  const { clock = () => new Date(), controllers = true, kubelet = 'none', jobBackOffBaseMs } = options;
  const store = createStore(clock);
  const stopQuotas = trackQuotas(store);
  const controllerOptions = {
    clock,
    admit: admit.bind(undefined, store),
    ...optional('jobBackOffBaseMs', jobBackOffBaseMs),
  };
  const stopControllers = controllers ? startControllers(store, controllerOptions) : () => undefined;
  if (!controllers) bootstrapNamespaces(createClient(store));
  const node = kubelet === 'none' ? undefined : startKubelet(store, kubelet);
  const faults = createFaultInjector();
  const { transport, history, stop } = createApi({ store, clock, podLogs: node?.podLogs ?? noLogs, faults });
  return {
    store,
    transport,
    faults,
    requests: faults.requests,
    compact: history.compact,
    stop: async () => {
      stop();
      stopControllers();
      stopQuotas();
      await node?.stop();
    },
  };
}

const noLogs: PodLogs = () => {
  throw statusError('InternalError', 'this cluster runs no pods: it was started without a kubelet', 500);
};
