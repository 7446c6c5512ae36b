// pods/log: checks which container is meant, and lets the kubelet answer.
import type { KubeObject } from '../../../../lib/kube/objects';
import type { Answer } from '../answer';
import type { Api } from '../context';
import { at, items, optional, text } from '../json';
import type { PodLogsQuery } from '../podLogs';
import { readObject } from '../read/get';
import type { ResourceRequest } from '../request';
import { badRequest } from '../status';

export function readLog(api: Api, request: ResourceRequest): Answer {
  const pod = readObject(api, request);
  const container = containerOf(pod, request);
  const signal = AbortSignal.any([request.signal, api.ended]);
  const body = api.podLogs({ ...queryOf(request, container), signal });
  return { status: 200, headers: { 'content-type': 'text/plain' }, body };
}

function queryOf({ target, query }: ResourceRequest, container: string): Omit<PodLogsQuery, 'signal'> {
  return {
    namespace: target.namespace,
    pod: target.name,
    container,
    follow: query.get('follow') === 'true',
    previous: query.get('previous') === 'true',
    timestamps: query.get('timestamps') === 'true',
    ...optional('tailLines', numberOf(query, 'tailLines')),
    ...optional('sinceSeconds', numberOf(query, 'sinceSeconds')),
    ...optional('limitBytes', numberOf(query, 'limitBytes')),
  };
}

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (!/^\d+$/.test(value)) throw badRequest(`${name}: Invalid value: "${value}": must be a non-negative integer`);
  return Number(value);
}

/** The named container, or the only one. */
function containerOf(pod: KubeObject, { target, query }: ResourceRequest): string {
  const containers = namesOf(pod, 'containers');
  const initContainers = namesOf(pod, 'initContainers');
  const wanted = query.get('container') ?? '';
  const [only = ''] = containers;
  if (wanted === '' && containers.length === 1 && initContainers.length === 0)
    return startedOnly(pod, only, target.name);
  if (wanted === '') {
    const init = initContainers.length === 0 ? '' : ` or one of the init containers: [${initContainers.join(' ')}]`;
    throw badRequest(
      `a container name must be specified for pod ${target.name}, choose one of: [${containers.join(' ')}]${init}`,
    );
  }
  if (![...containers, ...initContainers].includes(wanted)) {
    throw badRequest(`container ${wanted} is not valid for pod ${target.name}`);
  }
  return startedOnly(pod, wanted, target.name);
}

function namesOf(pod: KubeObject, field: string): string[] {
  return items(at(pod.spec, field)).map((container) => text(at(container, 'name')));
}

/** A container that waits for its first start has no log yet, and the reason says why. */
function startedOnly(pod: KubeObject, container: string, podName: string): string {
  const statuses = ['containerStatuses', 'initContainerStatuses'].flatMap((field) => items(at(pod.status, field)));
  const status = statuses.find((candidate) => at(candidate, 'name') === container);
  const reason = text(at(status, 'state', 'waiting', 'reason'));
  const hasRun = at(status, 'lastState', 'terminated') !== undefined;
  if (reason === '' || hasRun) return container;
  throw badRequest(`container "${container}" in pod "${podName}" is waiting to start: ${reasonText(reason)}`);
}

function reasonText(reason: string): string {
  if (reason === 'ErrImagePull') return "image can't be pulled";
  return reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : reason;
}
