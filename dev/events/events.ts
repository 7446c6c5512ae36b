// What ApiServerSource, broker and trigger do on a platform: changes of a cluster become CloudEvents for a function.
import { EVERY_STAGE } from '../../lib/jobSets/names';
import { LABELS, MANAGED_BY } from '../../lib/labels';
import type { Transport } from '../../lib/kube/transport';
import { EVERY_TARGET } from '../../lib/restoring';
import { followChanges, type Watched } from './changes';
import { deliver, type DeliveryOptions } from './delivery';

export interface EventsOptions extends DeliveryOptions {
  readonly transport: Transport;
  readonly namespace: string;
  readonly watched: readonly Watched[];
}

const ours = `${LABELS.managedBy}=${MANAGED_BY}`;
const JOBS: Watched = { apiVersion: 'batch/v1', kind: 'Job', labelSelector: ours };

const STAGE: Omit<Watched, 'apiVersion' | 'kind'> = { labelSelector: EVERY_STAGE };

/** As their labels say. */
const MOVERS: Watched = { ...JOBS, labelSelector: `${ours},${LABELS.kind}=archive-mover` };

const TARGETS: Watched = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', labelSelector: EVERY_TARGET };

/** What wakes a function, as the Triggers of deploy/knative have it. */
export const TRIGGERS: Readonly<Record<string, readonly Watched[]>> = {
  archive: [MOVERS, TARGETS],
  reaper: [JOBS],
  stages: [
    { apiVersion: 'v1', kind: 'Pod', ...STAGE },
    { apiVersion: 'batch/v1', kind: 'Job', ...STAGE },
  ],
  status: [{ apiVersion: 'v1', kind: 'Pod', labelSelector: ours }, JOBS, { apiVersion: 'v1', kind: 'Event' }],
};

/** Until the signal aborts. */
export function startEvents(options: EventsOptions): void {
  for (const watched of options.watched) {
    void followChanges({ ...options, watched, emit: (change) => void deliver(options, change) });
  }
}
