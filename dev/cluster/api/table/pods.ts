// What `kubectl get pods` shows: readiness, one word of status, restarts.
import type { KubeObject } from '../../../../lib/kube/objects';
import { at, count, fields, items, text, type Fields } from '../json';
import { AGE, column, containersOf, NAME, textAt, wide, type Column } from './column';
import { ageOf } from './duration';

export const POD_COLUMNS: readonly Column[] = [
  NAME,
  column('Ready', (pod) => `${containerStatuses(pod).filter(isReady).length}/${containersOf(pod.spec).length}`),
  column('Status', statusWord),
  column('Restarts', restarts),
  AGE,
  wide('IP', (pod) => textAt(pod, 'status.podIP', '<none>')),
  wide('Node', (pod) => textAt(pod, 'spec.nodeName', '<none>')),
  wide('Nominated Node', (pod) => textAt(pod, 'status.nominatedNodeName', '<none>')),
  wide('Readiness Gates', () => '<none>'),
];

function containerStatuses(pod: KubeObject, field = 'containerStatuses'): readonly Fields[] {
  return items(at(pod.status, field)).map(fields);
}

function isReady(status: Fields): boolean {
  return status.ready === true && at(status, 'state', 'running') !== undefined;
}

/** The reason that says most: of deletion, of initialization, of a container, else the pod's own. */
export function statusWord(pod: KubeObject): string {
  if (pod.metadata?.deletionTimestamp !== undefined) return 'Terminating';
  return initializing(pod) ?? containerReason(pod) ?? podReason(pod);
}

function podReason(pod: KubeObject): string {
  return textAt(pod, 'status.reason') || textAt(pod, 'status.phase', 'Unknown');
}

function initializing(pod: KubeObject): string | undefined {
  const statuses = containerStatuses(pod, 'initContainerStatuses');
  const open = statuses.findIndex((status) => !isInitialized(pod, status));
  const status = statuses[open];
  if (status === undefined) return undefined;
  const failed = at(status, 'state', 'terminated');
  if (failed !== undefined) return `Init:${terminatedReason(failed)}`;
  const waiting = textAt(status, 'state.waiting.reason');
  if (waiting !== '' && waiting !== 'PodInitializing') return `Init:${waiting}`;
  return `Init:${open}/${containersOf(pod.spec, 'initContainers').length}`;
}

function isInitialized(pod: KubeObject, status: Fields): boolean {
  const container = containersOf(pod.spec, 'initContainers').find(({ name }) => name === status.name);
  if (container?.restartPolicy === 'Always') return status.started === true;
  return at(status, 'state', 'terminated', 'exitCode') === 0;
}

/** The last container in need of a word speaks; one that runs beside completed ones makes the pod Running again. */
function containerReason(pod: KubeObject): string | undefined {
  const statuses = containerStatuses(pod);
  const reason = statuses.map(reasonOf).find((word) => word !== '');
  if (reason !== 'Completed' || !statuses.some(isReady)) return reason;
  return isPodReady(pod) ? 'Running' : 'NotReady';
}

function reasonOf({ state }: Fields): string {
  const waiting = textAt(state, 'waiting.reason');
  const terminated = at(state, 'terminated');
  return waiting === '' && terminated !== undefined ? terminatedReason(terminated) : waiting;
}

function terminatedReason(terminated: unknown): string {
  const { reason, signal, exitCode } = fields(terminated);
  return text(reason) || (count(signal) === 0 ? `ExitCode:${count(exitCode)}` : `Signal:${count(signal)}`);
}

function isPodReady(pod: KubeObject): boolean {
  const conditions = items(at(pod.status, 'conditions')).map(fields);
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

function restarts(pod: KubeObject, now: Date): string | number {
  const statuses = containerStatuses(pod);
  const total = statuses.reduce((sum, status) => sum + count(status.restartCount), 0);
  const ends = statuses.map((status) => textAt(status, 'lastState.terminated.finishedAt')).filter(Boolean);
  const last = ends.toSorted().at(-1);
  return total === 0 || last === undefined ? total : `${total} (${ageOf(last, now)} ago)`;
}
