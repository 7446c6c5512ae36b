// What ConfigMaps, Secrets, claims and Events must satisfy.
import type { KubeObject } from '../../../../lib/kube/objects';
import { at, fields, items, text } from '../json';
import { duplicate, invalidValue, required, tooLong, type Fault } from './fault';
import { isConfigKey } from './names';

const MAX_BYTES = 1024 * 1024;

export const storageFaults: Readonly<Record<string, (object: KubeObject) => Fault[]>> = {
  ConfigMap: configMapFaults,
  Secret: secretFaults,
  PersistentVolumeClaim: claimFaults,
  Event: eventFaults,
};

function configMapFaults({ data, binaryData }: KubeObject): Fault[] {
  const both = Object.keys(fields(binaryData)).filter((key) => key in fields(data));
  const bytes = sizeOf(data, 'utf8') + sizeOf(binaryData, 'base64');
  return [
    ...keyFaults(data, 'data'),
    ...keyFaults(binaryData, 'binaryData'),
    ...both.map((key) => duplicate(`data[${key}]`, key)),
    // the real server names no field here either
    ...(bytes > MAX_BYTES ? [tooLong('[]', MAX_BYTES)] : []),
  ];
}

function secretFaults({ data }: KubeObject): Fault[] {
  return [...keyFaults(data, 'data'), ...(sizeOf(data, 'base64') > MAX_BYTES ? [tooLong('data', MAX_BYTES)] : [])];
}

function keyFaults(data: unknown, path: string): Fault[] {
  return Object.keys(fields(data)).flatMap((key) =>
    isConfigKey(key).map((says) => invalidValue(`${path}[${key}]`, key, says)),
  );
}

function sizeOf(data: unknown, encoding: BufferEncoding): number {
  return Object.values(fields(data)).reduce<number>((sum, value) => sum + Buffer.byteLength(text(value), encoding), 0);
}

function claimFaults({ spec }: KubeObject): Fault[] {
  const modes = items(at(spec, 'accessModes'));
  const storage = at(spec, 'resources', 'requests', 'storage');
  return [
    ...(modes.length === 0 ? [required('spec.accessModes', 'at least 1 access mode is required')] : []),
    ...(storage === undefined ? [required('spec.resources[storage]')] : []),
  ];
}

function eventFaults({ involvedObject, metadata }: KubeObject): Fault[] {
  const namespace = text(at(involvedObject, 'namespace')) || 'default';
  if (namespace === metadata?.namespace) return [];
  return [
    invalidValue('involvedObject.namespace', text(at(involvedObject, 'namespace')), 'does not match event.namespace'),
  ];
}
