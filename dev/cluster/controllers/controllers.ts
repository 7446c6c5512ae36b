// Starts everything that keeps the embedded cluster as its objects ask for: the controller manager and the scheduler.
import type { Store } from '../store';
import { bootstrapNamespaces, bootstrapNode } from './bootstrap';
import { createClient, type Admit } from './client';
import { deployments } from './deployments';
import { endpoints } from './endpoints';
import { createRecorder } from './events';
import { garbageCollector } from './garbageCollector';
import { jobs } from './jobs';
import { namespaces } from './namespaces';
import { runControllers, type Log } from './reconcile';
import { replicaSets, type ControllerContext } from './replicaSets';
import { scheduler } from './scheduler';
import { serviceAccounts } from './serviceAccounts';
import { statefulSets } from './statefulSets';
import { volumes } from './volumes';

export interface ControllerOptions {
  readonly clock: () => Date;
  readonly log?: Log;
  /** Defaults and quota for what controllers create; without it objects are stored as they are. */
  readonly admit?: Admit;
  /** First delay before a Job replaces a failed pod; 10 s as in Kubernetes. */
  readonly jobBackOffBaseMs?: number;
}

const JOB_BACK_OFF_BASE_MS = 10_000;

/** To be started before anything is in the store but what `bootstrap` brings. */
export function startControllers(store: Store, options: ControllerOptions): () => void {
  const { clock, admit, log, jobBackOffBaseMs: backOffBaseMs = JOB_BACK_OFF_BASE_MS } = options;
  const client = createClient(store, admit);
  const as = (component: string): ControllerContext => ({
    client,
    clock,
    record: createRecorder(client, clock, { component }),
  });
  const stop = runControllers(
    store,
    [
      serviceAccounts(client),
      deployments(as('deployment-controller')),
      replicaSets(as('replicaset-controller')),
      statefulSets(as('statefulset-controller')),
      jobs({ ...as('job-controller'), backOffBaseMs }),
      volumes(as('persistentvolume-controller')),
      scheduler(as('default-scheduler')),
      endpoints(client),
      garbageCollector(store),
      namespaces(client),
    ],
    log,
  );
  bootstrapNamespaces(client);
  bootstrapNode(client, clock);
  return stop;
}
