// A cluster on which everything is as it should be, for tests that take one thing away.
import type { Seen } from '../../../lib/kube/look';
import type { Facts } from '../../../bin/doctor/facts';

export const found = <T>(value: T): Seen<T> => ({ outcome: 'found', value });
export const missing = { outcome: 'missing' } as const;
export const forbidden = { outcome: 'forbidden' } as const;

const running = (...names: readonly string[]) =>
  found(names.map((name) => ({ name, image: `example.org/${name}:1`, isAvailable: true })));

export const healthy: Facts = {
  platform: 'knative',
  namespace: 'jhub',
  namespaceLabels: found({}),
  functionsNamespace: 'jhub',
  functionsLabels: found({}),
  kubernetes: found('v1.34.4'),
  clockAheadSeconds: 0,
  nodes: found(1),
  kinds: [
    { apiVersion: 'v1', kind: 'ConfigMap', resource: 'configmaps' },
    { apiVersion: 'serving.knative.dev/v1', kind: 'Service', resource: 'services' },
    { apiVersion: 'eventing.knative.dev/v1', kind: 'Broker', resource: 'brokers' },
    { apiVersion: 'sources.knative.dev/v1', kind: 'PingSource', resource: 'pingsources' },
  ],
  denied: [],
  storageClasses: found([{ name: 'standard', isDefault: true, reclaimPolicy: 'Delete' }]),
  snapshotClasses: missing,
  singleNodeClaims: ['archive-repository'],
  daemonSets: found(['kube-proxy', 'calico-node']),
  dns: found([2]),
  serving: { version: found('1.15.2'), workloads: running('controller', 'webhook'), settings: found({}) },
  eventing: {
    version: found('1.15.1'),
    workloads: running('eventing-controller', 'mt-broker-controller'),
    settings: found({ 'default-br-config': 'clusterDefault:\n  brokerClass: MTChannelBasedBroker\n' }),
  },
  features: [],
  openfaas: running('gateway', 'cron-connector'),
};
