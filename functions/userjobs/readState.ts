// How a tunnel is: ready as its pod says, else what it wrote last, else why it has not begun. Two requests at most.
import type { V1Pod } from '@kubernetes/client-node';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import type { Context } from './context';
import { tunnelSelector } from './desired';
import type { UserJob } from './record';
import { readTunnelState, type TunnelState } from './tunnel/state';

type Told = Omit<TunnelState, 'phase' | 'reason'>;

export interface State extends Told {
  readonly phase: TunnelState['phase'] | 'starting' | 'stopping';
  /** Of the tunnel, or of Kubernetes: ImagePullBackOff, ... */
  readonly reason?: string;
}

export async function readState(context: Context, userJob: UserJob, call: Call): Promise<State> {
  const { record, uid } = userJob;
  if (record.stoppedAt !== undefined) {
    return { phase: 'stopping', message: 'It is to be ended as soon as its host can be reached.' };
  }
  if (record.job !== undefined && record.job.id === undefined) {
    return { phase: 'starting', reason: 'Submitting', message: 'The job is being submitted.' };
  }
  const { kube, settings } = context;
  const selection = {
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: settings.namespace,
    labelSelector: tunnelSelector(uid),
  };
  const { items } = await kube.list<KubeObject>({ ...selection, resourceVersion: '0' }, call);
  const pod = newest(items);
  if (pod === undefined) return { phase: 'starting', message: 'The tunnel has no pod yet.' };
  if (isReady(pod) && record.job === undefined)
    return { phase: 'open', message: `The tunnel to ${record.targetNode} is open.` };
  const log = await kube.log({ namespace: settings.namespace, name: pod.metadata?.name ?? '' }, { tailLines: 1 }, call);
  return readTunnelState(log) ?? notBegun(pod);
}

type Pod = V1Pod;

/** Those that go are not asked any more. */
function newest(items: readonly KubeObject[]): Pod | undefined {
  const staying = items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined) as readonly KubeObject[];
  const [first] = staying.toSorted((a, b) => (createdAt(a) < createdAt(b) ? 1 : -1));
  return first as Pod | undefined;
}

function createdAt({ metadata }: KubeObject): string {
  return metadata?.creationTimestamp ?? '';
}

function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
}

function notBegun({ status }: Pod): State {
  const { containerStatuses = [], conditions = [] } = status ?? {};
  const waiting = containerStatuses.find(({ state }) => state?.waiting)?.state?.waiting;
  const unscheduled = conditions.find(({ type, status: value }) => type === 'PodScheduled' && value === 'False');
  const { reason, message = 'The tunnel is starting.' } = waiting ?? unscheduled ?? {};
  return { phase: 'starting', ...(reason !== undefined && { reason }), message };
}
