// Where a Service's pods answer: pods share one address here, so each is told with the ports of its own.
import type { KubeObject } from '../../../lib/kube/objects';
import type { Endpoints, Pod, Service } from './wire';
import { isReady } from './podState';
import { podPorts } from './podPorts';

export type Subset = NonNullable<Endpoints['subsets']>[number];
type ServicePort = NonNullable<Service['spec']['ports']>[number];

export function endpointSubsets(service: Service, pods: readonly Pod[]): readonly Subset[] {
  const selected = pods.filter((pod) => isSelected(service, pod) && isAddressable(pod));
  return selected.flatMap((pod) => subsetOf(service, pod) ?? []);
}

export function isSelected({ spec }: Service, pod: KubeObject | undefined): boolean {
  const selector = Object.entries(spec.selector ?? {});
  return selector.length > 0 && selector.every(([key, value]) => pod?.metadata?.labels?.[key] === value);
}

function isAddressable({ metadata, status }: Pod): boolean {
  const isOver = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return status?.podIP !== undefined && !isOver && metadata.deletionTimestamp === undefined;
}

function subsetOf({ spec }: Service, pod: Pod): Subset | undefined {
  const { namespace, name, uid } = pod.metadata;
  const targetRef = { kind: 'Pod', namespace, name, uid };
  const address = { ip: pod.status?.podIP ?? '', nodeName: pod.spec.nodeName, targetRef };
  const ports = (spec.ports ?? []).flatMap((port) => {
    const target = targetPort(port, pod);
    return target === undefined ? [] : { name: port.name, port: target, protocol: port.protocol ?? 'TCP' };
  });
  if (ports.length === 0 && (spec.ports ?? []).length > 0) return undefined;
  const isPublished = isReady(pod) || spec.publishNotReadyAddresses === true;
  return { [isPublished ? 'addresses' : 'notReadyAddresses']: [address], ports };
}

/** A named target is looked up in the pod; either way the pod's own port on this machine is answered. */
function targetPort({ port, targetPort: target = port }: ServicePort, pod: Pod): number | undefined {
  const number = typeof target === 'number' ? target : (containerPort(pod, target) ?? Number(target));
  return Number.isNaN(number) ? undefined : (podPorts(pod)[number] ?? number);
}

function containerPort({ spec }: Pod, name: string): number | undefined {
  const ports = [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ ports: declared = [] }) => declared);
  return ports.find((port) => port.name === name)?.containerPort;
}
