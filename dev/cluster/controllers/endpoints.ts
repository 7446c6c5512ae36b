// Tells in Endpoints and EndpointSlices where each Service's pods answer.
import type { KubeObject } from '../../../lib/kube/objects';
import type { StoreEvent } from '../store';
import { ENDPOINT_SLICES, ENDPOINTS, PODS, SERVICES, type Client } from './client';
import { endpointSubsets, isSelected, type Subset } from './endpointSubsets';
import { controllerReference, keyOf, parseKey } from './ownership';
import type { Controller } from './reconcile';
import type { EndpointSlice, Service } from './wire';

const SERVICE_LABEL = 'kubernetes.io/service-name';

export function endpoints(client: Client): Controller {
  return {
    name: 'endpoints',
    keysOf: (event) => serviceKeys(client, event),
    reconcile: (key) => {
      const { namespace, name } = parseKey(key);
      const service = client.get(SERVICES, namespace, name);
      if (service === undefined) {
        const left = client.get(ENDPOINTS, namespace, name);
        if (left !== undefined) client.remove(ENDPOINTS.type, left);
      } else if (service.spec.selector !== undefined) {
        const subsets = endpointSubsets(service, client.list(PODS, namespace));
        writeEndpoints(client, service, subsets);
        writeSlices(client, service, subsets);
      }
    },
  };
}

/** Services that select the pod, or did before. */
function serviceKeys(client: Client, { object, previous }: StoreEvent): readonly string[] {
  if (object.kind === 'Service' || object.kind === 'Endpoints') return [keyOf(object)];
  if (object.kind !== 'Pod') return [];
  const services = client.list(SERVICES, object.metadata?.namespace ?? '');
  return services.filter((service) => isSelected(service, object) || isSelected(service, previous)).map(keyOf);
}

function writeEndpoints(client: Client, service: Service, subsets: readonly Subset[]): void {
  const { namespace, name, labels } = service.metadata;
  const before = client.get(ENDPOINTS, namespace, name);
  if (before === undefined) client.create(ENDPOINTS, { metadata: { name, namespace, labels: labels ?? {} }, subsets });
  else client.modify(ENDPOINTS, before, (latest) => ({ ...latest, subsets }));
}

/** A slice has one list of ports, and every pod has ports of its own: one slice for each pod. */
function writeSlices(client: Client, service: Service, subsets: readonly Subset[]): void {
  const wanted = new Map(subsets.map((subset) => [sliceName(service, subset), subset]));
  const existing = client.controlledBy(ENDPOINT_SLICES, service);
  for (const slice of existing) {
    if (!wanted.has(slice.metadata.name)) client.remove(ENDPOINT_SLICES.type, slice);
  }
  for (const [name, subset] of wanted) {
    const before = existing.find(({ metadata }) => metadata.name === name);
    const content = sliceContent(subset);
    if (before === undefined) client.create(ENDPOINT_SLICES, { ...newSlice(service, name), ...content });
    else client.modify(ENDPOINT_SLICES, before, (latest) => ({ ...latest, ...content }));
  }
}

function sliceName({ metadata }: Service, subset: Subset): string {
  const [address] = [...(subset.addresses ?? []), ...(subset.notReadyAddresses ?? [])];
  return `${metadata.name}-${address?.targetRef?.uid?.slice(0, 8) ?? ''}`;
}

function newSlice(service: Service, name: string): KubeObject {
  const labels = { ...service.metadata.labels, [SERVICE_LABEL]: service.metadata.name };
  const { namespace } = service.metadata;
  return {
    metadata: { name, namespace, labels, ownerReferences: [controllerReference(service)] },
    addressType: 'IPv4',
  };
}

function sliceContent({
  addresses = [],
  notReadyAddresses = [],
  ports,
}: Subset): Pick<EndpointSlice, 'endpoints' | 'ports'> {
  const ready = addresses.length > 0;
  const listed = [...addresses, ...notReadyAddresses].map(({ ip, nodeName, targetRef }) => ({
    addresses: [ip],
    conditions: { ready, serving: ready, terminating: false },
    nodeName,
    targetRef,
  }));
  return { endpoints: listed, ports: (ports ?? []).map((port) => ({ ...port, name: port.name ?? '' })) };
}
