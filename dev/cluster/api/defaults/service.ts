// Defaults of Services, with the addresses and ports that the cluster gives out.
import type { KubeObject } from '../../../../lib/kube/objects';
import { resourceType } from '../../resources';
import type { Store } from '../../store';
import { at, fields, isFields, items, text, type Fields } from '../json';

const FIRST_NODE_PORT = 30_000;
const SERVICE = resourceType('v1', 'Service');

export function serviceDefaults(service: KubeObject, store: Store): KubeObject {
  if (!isFields(service.spec)) return service;
  const spec: Fields = { type: 'ClusterIP', sessionAffinity: 'None', ...service.spec };
  const taken = allocated(store);
  const withPorts = { ...spec, ...(Array.isArray(spec.ports) ? { ports: defaultPorts(spec, taken.ports) } : {}) };
  const status = { loadBalancer: {}, ...fields(service.status) };
  if (spec.type === 'ExternalName') return { ...service, spec: withPorts, status };
  return { ...service, spec: { ...withPorts, ...addresses(spec, taken.addresses) }, status };
}

function addresses(spec: Fields, taken: ReadonlySet<unknown>): Fields {
  const clusterIP = text(spec.clusterIP) || freeAddress(taken);
  return {
    clusterIP,
    clusterIPs: [clusterIP],
    internalTrafficPolicy: spec.internalTrafficPolicy ?? 'Cluster',
    ipFamilies: spec.ipFamilies ?? ['IPv4'],
    ipFamilyPolicy: spec.ipFamilyPolicy ?? 'SingleStack',
  };
}

function allocated(store: Store): { addresses: ReadonlySet<unknown>; ports: Set<unknown> } {
  const specs = store.list(SERVICE).map(({ spec }) => fields(spec));
  return {
    addresses: new Set(specs.map((spec) => spec.clusterIP)),
    ports: new Set(specs.flatMap((spec) => items(spec.ports).map((port) => at(port, 'nodePort')))),
  };
}

/** 10.96.0.0/16, as kubeadm sets it up; .1 is the API's own. */
function freeAddress(taken: ReadonlySet<unknown>): string {
  for (let number = 2; number < 65_535; number += 1) {
    const address = `10.96.${number >> 8}.${number & 255}`;
    if (!taken.has(address)) return address;
  }
  return 'None';
}

function defaultPorts(spec: Fields, taken: Set<unknown>): unknown[] {
  const hasNodePorts = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  return items(spec.ports).map((value) => {
    if (!isFields(value)) return value;
    const port: Fields = { protocol: 'TCP', targetPort: value.port, ...value };
    return hasNodePorts && port.nodePort === undefined ? { ...port, nodePort: freePort(taken) } : port;
  });
}

function freePort(taken: Set<unknown>): number {
  let port = FIRST_NODE_PORT;
  while (taken.has(port)) port += 1;
  taken.add(port);
  return port;
}
