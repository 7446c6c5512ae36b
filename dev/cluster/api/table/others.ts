// What kubectl shows of kinds that make no pods.
import type { KubeObject } from '../../../../lib/kube/objects';
import { at, fields, items, scalar, text } from '../json';
import { AGE, column, NAME, numberAt, pairs, textAt, wide, type Column } from './column';
import { ageOf } from './duration';

export const OTHER_COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  ConfigMap: [NAME, column('Data', (object) => sizeOf(object.data) + sizeOf(object.binaryData)), AGE],
  Secret: [NAME, column('Type', ({ type }) => text(type)), column('Data', ({ data }) => sizeOf(data)), AGE],
  ServiceAccount: [NAME, column('Secrets', ({ secrets }) => items(secrets).length), AGE],
  Namespace: [NAME, column('Status', (object) => textAt(object, 'status.phase')), AGE],
  Service: [
    NAME,
    column('Type', (object) => textAt(object, 'spec.type')),
    column('Cluster-IP', (object) => textAt(object, 'spec.clusterIP', '<none>')),
    column('External-IP', (object) => textAt(object, 'spec.externalName', '<none>')),
    column('Port(s)', servicePorts),
    AGE,
    wide('Selector', ({ spec }) => pairs(at(spec, 'selector'))),
  ],
  Endpoints: [NAME, column('Endpoints', endpoints), AGE],
  Node: [
    NAME,
    column('Status', nodeStatus),
    column('Roles', nodeRoles),
    AGE,
    column('Version', (object) => textAt(object, 'status.nodeInfo.kubeletVersion')),
    wide('Internal-IP', internalAddress),
    wide('External-IP', () => '<none>'),
    wide('OS-Image', (object) => textAt(object, 'status.nodeInfo.osImage', '<unknown>')),
    wide('Kernel-Version', (object) => textAt(object, 'status.nodeInfo.kernelVersion', '<unknown>')),
    wide('Container-Runtime', (object) => textAt(object, 'status.nodeInfo.containerRuntimeVersion', '<unknown>')),
  ],
  Event: [
    column('Last Seen', lastSeen),
    column('Type', ({ type }) => text(type)),
    column('Reason', ({ reason }) => text(reason)),
    column('Object', involvedObject),
    wide('Subobject', (event) => textAt(event, 'involvedObject.fieldPath')),
    wide('Source', (event) => textAt(event, 'source.component') || textAt(event, 'reportingComponent')),
    column('Message', (event) => text(event.message ?? event.note).trim()),
    wide('First Seen', (event, now) => ageOf(event.firstTimestamp ?? event.eventTime, now)),
    wide('Count', (event) => numberAt(event, 'count', 1)),
    { ...NAME, priority: 1 },
  ],
  PersistentVolumeClaim: [
    NAME,
    column('Status', (object) => (isTerminating(object) ? 'Terminating' : textAt(object, 'status.phase'))),
    column('Volume', (object) => textAt(object, 'spec.volumeName')),
    column('Capacity', (object) => textAt(object, 'status.capacity.storage')),
    column('Access Modes', ({ status }) => accessModes(at(status, 'accessModes'))),
    column('StorageClass', (object) => textAt(object, 'spec.storageClassName')),
    column('VolumeAttributesClass', (object) => textAt(object, 'spec.volumeAttributesClassName', '<unset>')),
    AGE,
    wide('VolumeMode', (object) => textAt(object, 'spec.volumeMode', '<unset>')),
  ],
  PersistentVolume: [
    NAME,
    column('Capacity', (object) => textAt(object, 'spec.capacity.storage')),
    column('Access Modes', ({ spec }) => accessModes(at(spec, 'accessModes'))),
    column('Reclaim Policy', (object) => textAt(object, 'spec.persistentVolumeReclaimPolicy')),
    column('Status', (object) => (isTerminating(object) ? 'Terminating' : textAt(object, 'status.phase'))),
    column('Claim', claim),
    column('StorageClass', (object) => textAt(object, 'spec.storageClassName')),
    column('VolumeAttributesClass', (object) => textAt(object, 'spec.volumeAttributesClassName', '<unset>')),
    column('Reason', (object) => textAt(object, 'status.reason')),
    AGE,
    wide('VolumeMode', (object) => textAt(object, 'spec.volumeMode', '<unset>')),
  ],
};

function sizeOf(map: unknown): number {
  return Object.keys(fields(map)).length;
}

function isTerminating(object: KubeObject): boolean {
  return object.metadata?.deletionTimestamp !== undefined;
}

function servicePorts({ spec }: KubeObject): string {
  const ports = items(at(spec, 'ports')).map(fields);
  const shown = ports.map(({ port, nodePort, protocol }) => {
    const outside = nodePort === undefined ? '' : `:${scalar(nodePort)}`;
    return `${scalar(port)}${outside}/${text(protocol)}`;
  });
  return shown.join(',') || '<none>';
}

function endpoints({ subsets }: KubeObject): string {
  const all = items(subsets).flatMap((subset) =>
    items(at(subset, 'addresses')).flatMap((address) =>
      items(at(subset, 'ports')).map((port) => `${textAt(address, 'ip')}:${textAt(port, 'port')}`),
    ),
  );
  const more = all.length > 3 ? ` + ${all.length - 3} more...` : '';
  return all.length === 0 ? '<none>' : all.slice(0, 3).join(',') + more;
}

function nodeStatus({ status, spec }: KubeObject): string {
  const conditions = items(at(status, 'conditions')).map(fields);
  const ready = conditions.find(({ type }) => type === 'Ready');
  const words = [ready?.status === 'True' ? 'Ready' : 'NotReady'];
  return (at(spec, 'unschedulable') === true ? [...words, 'SchedulingDisabled'] : words).join(',');
}

function nodeRoles({ metadata }: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(metadata?.labels ?? {}).filter((label) => label.startsWith(prefix));
  return roles.map((role) => role.slice(prefix.length)).join(',') || '<none>';
}

function internalAddress({ status }: KubeObject): string {
  const addresses = items(at(status, 'addresses')).map(fields);
  return text(addresses.find(({ type }) => type === 'InternalIP')?.address) || '<none>';
}

function lastSeen(event: KubeObject, now: Date): string {
  return ageOf(event.lastTimestamp ?? event.deprecatedLastTimestamp ?? event.eventTime ?? event.firstTimestamp, now);
}

function involvedObject(event: KubeObject): string {
  const { kind, name } = fields(event.involvedObject ?? event.regarding);
  return `${text(kind).toLowerCase()}/${text(name)}`;
}

function claim({ spec }: KubeObject): string {
  const { namespace, name } = fields(at(spec, 'claimRef'));
  return name === undefined ? '' : `${text(namespace)}/${text(name)}`;
}

const SHORT_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

function accessModes(modes: unknown): string {
  return items(modes)
    .map((mode) => SHORT_MODES[text(mode)] ?? '')
    .join(',');
}
