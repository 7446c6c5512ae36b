// The rules for metadata that every write shares.
import { randomInt } from 'node:crypto';
import type { KubeObject, ObjectMeta } from '../../../lib/kube/objects';
import { conflict } from '../api/status';
import type { ResourceType } from '../resources';

/** A write that was decided but not made. */
export interface Decision {
  /** Absent: nothing changes. */
  readonly change?: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
  readonly previous?: KubeObject;
}

export interface Preconditions {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

const MAX_NAME_LENGTH = 63;
const SUFFIX_LENGTH = 5;
const NAME_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
const KINDS_WITH_GENERATION = new Set(['Pod', 'ReplicationController']);
const GROUPS_WITH_GENERATION = new Set(['apps', 'batch', 'networking.k8s.io', 'policy']);

/** Five random letters after the prefix, which gives way where a name would grow beyond a DNS label. */
export function generatedName(prefix = ''): string {
  const letters = Array.from({ length: SUFFIX_LENGTH }, () => NAME_LETTERS[randomInt(NAME_LETTERS.length)]);
  return prefix.slice(0, MAX_NAME_LENGTH - SUFFIX_LENGTH) + letters.join('');
}

export function countsGenerations(type: ResourceType): boolean {
  return KINDS_WITH_GENERATION.has(type.kind) || GROUPS_WITH_GENERATION.has(type.group);
}

export function checkPreconditions(type: ResourceType, metadata: ObjectMeta, expected: Preconditions): void {
  const { name = '', uid, resourceVersion } = metadata;
  if (expected.uid && expected.uid !== uid) {
    const why = `Precondition failed: UID in precondition: ${expected.uid}, UID in object meta: ${uid}`;
    throw conflict(type, name, why);
  }
  if (expected.resourceVersion && expected.resourceVersion !== resourceVersion) {
    const why = 'the object has been modified; please apply your changes to the latest version and try again';
    throw conflict(type, name, why);
  }
}

/** True for an object under deletion that nothing holds back any more. */
export function isDeletionOver(object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata ?? {};
  const { finalizers: specFinalizers = [] } = (object.spec ?? {}) as { finalizers?: readonly string[] };
  const held = finalizers.length + (object.kind === 'Namespace' ? specFinalizers.length : 0);
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && held === 0;
}
