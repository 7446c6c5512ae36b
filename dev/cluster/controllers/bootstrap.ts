// What a cluster holds before anybody uses it: its namespaces and one node.
import type { KubeObject } from '../../../lib/kube/objects';
import { NAMESPACES, NODES, type Client } from './client';
import { timestamp } from '../timestamp';

export const NODE_NAME = 'embedded';

const CAPACITY = { cpu: '8', memory: '16Gi', pods: '250' };

const SYSTEM_NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** After whoever watches, so that they see them come. */
export function bootstrapNamespaces(client: Client): void {
  for (const name of SYSTEM_NAMESPACES) client.create(NAMESPACES, namespace(name));
}

export function bootstrapNode(client: Client, clock: () => Date): void {
  client.create(NODES, node(timestamp(clock())));
}

function namespace(name: string): KubeObject {
  const metadata = { name, labels: { 'kubernetes.io/metadata.name': name } };
  return { metadata, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };
}

function node(now: string): KubeObject {
  const labels = {
    'kubernetes.io/hostname': NODE_NAME,
    'kubernetes.io/os': process.platform,
    'kubernetes.io/arch': process.arch,
  };
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'KubeletReady',
    message: 'pods run as processes of this machine',
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  };
  return {
    metadata: { name: NODE_NAME, labels },
    spec: {},
    status: {
      capacity: CAPACITY,
      allocatable: CAPACITY,
      conditions: [ready],
      addresses: [
        { type: 'InternalIP', address: '127.0.0.1' },
        { type: 'Hostname', address: NODE_NAME },
      ],
      nodeInfo: nodeInfo(),
    },
  };
}

function nodeInfo(): object {
  return {
    architecture: process.arch,
    operatingSystem: process.platform,
    osImage: 'this machine',
    kernelVersion: '',
    containerRuntimeVersion: `process://${process.versions.node}`,
    kubeletVersion: 'v1.34.0-embedded',
    kubeProxyVersion: '',
    bootID: '',
    machineID: '',
    systemUUID: '',
  };
}
