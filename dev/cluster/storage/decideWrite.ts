// What a create or an update makes of an object, decided without doing it.
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ObjectMeta } from '../../../lib/kube/objects';
import { apiVersionOf, type ResourceType } from '../resources';
import { frozenCopy } from './frozen';
import { checkPreconditions, countsGenerations, isDeletionOver, generatedName, type Decision } from './metadata';
import { timestamp } from '../timestamp';

interface Update {
  readonly type: ResourceType;
  readonly current: KubeObject;
  readonly object: KubeObject;
  readonly part: 'spec' | 'status' | undefined;
}

const SYSTEM_FIELDS = new Set([
  'uid',
  'creationTimestamp',
  'resourceVersion',
  'generation',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);

export function decideCreate(type: ResourceType, object: KubeObject, now: Date): Decision {
  const { metadata = {} } = object;
  const { deletionTimestamp: _deletion, deletionGracePeriodSeconds: _grace, ...given } = metadata;
  const created: ObjectMeta = {
    ...given,
    name: metadata.name || generatedName(metadata.generateName),
    uid: metadata.uid ?? randomUUID(),
    creationTimestamp: timestamp(now),
    ...(countsGenerations(type) ? { generation: 1 } : {}),
  };
  return { change: 'ADDED', object: { ...object, ...identity(type), metadata: created } };
}

export function decideUpdate({ type, current, object, part }: Update): Decision {
  checkPreconditions(type, current.metadata ?? {}, object.metadata ?? {});
  const next = frozenCopy({ ...mergeParts(current, object, part), ...identity(type) });
  const changed = frozenCopy({ ...next, metadata: keepSystemMetadata(type, current, next) });
  if (isDeletionOver(changed)) return { change: 'DELETED', object: changed, previous: current };
  if (isDeepStrictEqual(changed, current)) return { object: current };
  return { change: 'MODIFIED', object: changed, previous: current };
}

function identity(type: ResourceType): { apiVersion: string; kind: string } {
  return { apiVersion: apiVersionOf(type), kind: type.kind };
}

function mergeParts(current: KubeObject, object: KubeObject, part: Update['part']): KubeObject {
  if (part === undefined) return object;
  if (part === 'status') return { ...current, status: object.status };
  return { ...object, status: current.status };
}

/** What no writer may change, and the generation that counts changes of what is wanted. */
function keepSystemMetadata(type: ResourceType, current: KubeObject, next: KubeObject): ObjectMeta {
  const given = Object.entries(next.metadata ?? {}).filter(([field]) => !SYSTEM_FIELDS.has(field));
  const kept = Object.entries(current.metadata ?? {}).filter(([field]) => SYSTEM_FIELDS.has(field));
  const sameSpec = isDeepStrictEqual(current.spec, next.spec);
  const generation = (current.metadata?.generation ?? 1) + (sameSpec ? 0 : 1);
  return { ...Object.fromEntries([...given, ...kept]), ...(countsGenerations(type) ? { generation } : {}) };
}
