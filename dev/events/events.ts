// What ApiServerSource, broker and trigger do on a platform: changes of a cluster become CloudEvents for a function.
import { LABELS, MANAGED_BY } from '../../lib/labels';
import type { Transport } from '../../lib/kube/transport';
import { followChanges, type Watched } from './changes';
import { deliver, type DeliveryOptions } from './delivery';

export interface EventsOptions extends DeliveryOptions {
  readonly transport: Transport;
  readonly namespace: string;
}

const ours = `${LABELS.managedBy}=${MANAGED_BY}`;
const WATCHED: readonly Watched[] = [
  { apiVersion: 'v1', kind: 'Pod', labelSelector: ours },
  { apiVersion: 'batch/v1', kind: 'Job', labelSelector: ours },
  { apiVersion: 'v1', kind: 'Event' },
];

/** Until the signal aborts. */
export function startEvents(options: EventsOptions): void {
  for (const watched of WATCHED) {
    void followChanges({ ...options, watched, emit: (change) => void deliver(options, change) });
  }
}
