// Binds pods to the one node, or tells why they must wait; they are looked at again when anything that matters changes.
import type { StoreEvent } from '../store';
import { NODE_NAME } from './bootstrap';
import { NODES, PERSISTENT_VOLUME_CLAIMS, PODS } from './client';
import { withCondition } from './conditions';
import { keyOf, parseKey } from './ownership';
import { isFinished } from './podState';
import type { Controller } from './reconcile';
import type { ControllerContext } from './replicaSets';
import { whyUnschedulable } from './schedulerPlan';
import type { Pod } from './wire';
import { timestamp } from '../timestamp';

export function scheduler(context: ControllerContext): Controller {
  const { client } = context;
  const waiting = new Set<string>();
  return {
    name: 'scheduler',
    keysOf: (event) => (isUnbound(event) ? [keyOf(event.object)] : freesWaiting(event) ? [...waiting] : []),
    reconcile: (key) => {
      const { namespace, name } = parseKey(key);
      const pod = client.get(PODS, namespace, name);
      waiting.delete(key);
      if (pod === undefined || pod.spec.nodeName || pod.metadata.deletionTimestamp || isAnothers(pod)) return;
      if ((pod.spec.schedulingGates ?? []).length > 0) {
        setUnscheduled(context, pod, GATED);
        return;
      }
      const why = whyUnschedulable({
        pod,
        node: client.get(NODES, '', NODE_NAME),
        bound: client.list(PODS).filter((each) => each.spec.nodeName && !isFinished(each)),
        claimOf: (claim) => client.get(PERSISTENT_VOLUME_CLAIMS, namespace, claim),
      });
      if (why === undefined) bind(context, pod);
      else {
        waiting.add(key);
        reject(context, pod, why);
      }
    },
  };
}

function isUnbound({ type, object }: StoreEvent): boolean {
  if (object.kind !== 'Pod' || type === 'DELETED') return false;
  return (object.spec as Pod['spec']).nodeName === undefined;
}

/** A pod that ended, a claim that was bound, a node that changed. */
function freesWaiting({ type, object }: StoreEvent): boolean {
  if (object.kind !== 'Pod') return object.kind === 'PersistentVolumeClaim' || object.kind === 'Node';
  const { phase } = (object.status ?? {}) as NonNullable<Pod['status']>;
  return type === 'DELETED' || phase === 'Succeeded' || phase === 'Failed';
}

function isAnothers({ spec }: Pod): boolean {
  return (spec.schedulerName ?? 'default-scheduler') !== 'default-scheduler';
}

interface Unscheduled {
  readonly reason: string;
  readonly message: string;
}

/** In the API server's own words. */
const GATED: Unscheduled = {
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
};

function bind({ client, record, clock }: ControllerContext, pod: Pod): void {
  const now = timestamp(clock());
  client.modify(PODS, pod, (latest) => ({
    ...latest,
    spec: { ...latest.spec, nodeName: NODE_NAME },
    status: {
      ...latest.status,
      conditions: withCondition(latest.status?.conditions, { type: 'PodScheduled', status: 'True' }, now),
    },
  }));
  const { namespace, name } = pod.metadata;
  const message = `Successfully assigned ${namespace}/${name} to ${NODE_NAME}`;
  record(pod, { type: 'Normal', reason: 'Scheduled', message, action: 'Binding' });
}

function reject(context: ControllerContext, pod: Pod, message: string): void {
  const before = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  setUnscheduled(context, pod, { reason: 'Unschedulable', message });
  if (before?.message === message) return;
  context.record(pod, { type: 'Warning', reason: 'FailedScheduling', message, action: 'Scheduling' });
}

function setUnscheduled({ client, clock }: ControllerContext, pod: Pod, why: Unscheduled): void {
  const condition = { type: 'PodScheduled', status: 'False', ...why };
  client.modify(PODS, pod, (latest) => ({
    ...latest,
    status: {
      ...latest.status,
      phase: 'Pending',
      conditions: withCondition(latest.status?.conditions, condition, timestamp(clock())),
    },
  }));
}
