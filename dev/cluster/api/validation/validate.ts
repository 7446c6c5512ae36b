// Refuses what the real server would refuse (422 Invalid), all faults of an object together.
import type { KubeObject } from '../../../../lib/kube/objects';
import type { ResourceType } from '../../resources';
import { fields } from '../json';
import { invalid } from '../status';
import { batchFaults } from './batch';
import type { Fault } from './fault';
import { immutableFaults } from './immutable';
import { metadataFaults } from './metadata';
import { podSpecFaults } from './podSpec';
import { serviceFaults } from './service';
import { storageFaults } from './storage';
import { workloadFaults } from './workload';

const FAULTS: Readonly<Record<string, (object: KubeObject) => Fault[]>> = {
  ...workloadFaults,
  ...batchFaults,
  ...storageFaults,
  Service: serviceFaults,
  Pod: ({ spec }) => podSpecFaults(fields(spec), 'spec'),
};

export function validateCreate(type: ResourceType, object: KubeObject): void {
  refuse(type, object, faultsOf(type, object));
}

export function validateUpdate(type: ResourceType, current: KubeObject, object: KubeObject): void {
  refuse(type, object, [...faultsOf(type, object), ...immutableFaults(type, current, object)]);
}

function faultsOf(type: ResourceType, object: KubeObject): Fault[] {
  return [...metadataFaults(type, object), ...(FAULTS[type.kind]?.(object) ?? [])];
}

function refuse(type: ResourceType, { metadata }: KubeObject, faults: readonly Fault[]): void {
  if (faults.length > 0) throw invalid(type, metadata?.name ?? '', faults);
}
