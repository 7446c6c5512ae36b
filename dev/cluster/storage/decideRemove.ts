// What a request to remove an object does to it: gone at once, or marked until finalizers or its node let go of it.
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ObjectMeta } from '../../../lib/kube/objects';
import type { ResourceType } from '../resources';
import { conflict } from '../api/status';
import { frozenCopy } from './frozen';
import { countsGenerations, isDeletionOver, type Decision, type Preconditions } from './metadata';
import { timestamp } from '../timestamp';

export interface RemoveOptions extends Preconditions {
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan' | undefined;
}

interface Removal {
  readonly type: ResourceType;
  readonly current: KubeObject;
  readonly options: RemoveOptions;
  readonly now: Date;
}

const FINALIZERS_OF_POLICY = { Background: [], Foreground: ['foregroundDeletion'], Orphan: ['orphan'] };
const DEFAULT_POD_GRACE_SECONDS = 30;

export function decideRemove(removal: Removal): Decision {
  const { type, current } = removal;
  checkStillMeant(removal);
  const object = { ...current, ...terminatingStatus(type, current), metadata: markedMetadata(removal) };
  if (isDeletionOver(object))
    return { change: 'DELETED', object: wasMarked(current) ? object : current, previous: current };
  if (isDeepStrictEqual(frozenCopy(object), current)) return { object: current };
  return { change: 'MODIFIED', object, previous: current };
}

/** In words of its own, and naming the kind where others name the resource. */
function checkStillMeant({ type, current: { metadata = {} }, options: { uid, resourceVersion } }: Removal): void {
  const { name = '' } = metadata;
  if (uid && uid !== metadata.uid) {
    const records = `(${uid}) does not match the UID in record (${metadata.uid})`;
    const why = `the UID in the precondition ${records}. The object might have been deleted and then recreated`;
    throw conflict({ ...type, plural: type.kind }, name, why);
  }
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    const records = `(${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion})`;
    const why = `the ResourceVersion in the precondition ${records}. The object might have been modified`;
    throw conflict({ ...type, plural: type.kind }, name, why);
  }
}

function markedMetadata({ type, current, options, now }: Removal): ObjectMeta {
  const metadata = current.metadata ?? {};
  const policy = FINALIZERS_OF_POLICY[options.propagationPolicy ?? 'Background'];
  const finalizers = [...new Set([...(metadata.finalizers ?? []), ...policy])];
  const grace = graceSeconds(type, current, options);
  const bump = countsGenerations(type) && !wasMarked(current) ? { generation: (metadata.generation ?? 0) + 1 } : {};
  return {
    ...metadata,
    ...bump,
    deletionTimestamp: metadata.deletionTimestamp ?? timestamp(new Date(now.getTime() + grace * 1000)),
    deletionGracePeriodSeconds: grace,
    ...(finalizers.length === 0 ? {} : { finalizers }),
  };
}

function wasMarked(object: KubeObject): boolean {
  return object.metadata?.deletionTimestamp !== undefined;
}

/** Only Pods that a node runs need time to end; a repeated request may shorten it, never lengthen it. */
function graceSeconds(type: ResourceType, current: KubeObject, options: RemoveOptions): number {
  if (type.kind !== 'Pod' || !isRunning(current)) return 0;
  const spec = (current.spec ?? {}) as { terminationGracePeriodSeconds?: number };
  const wanted = options.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? DEFAULT_POD_GRACE_SECONDS;
  return Math.min(wanted, current.metadata?.deletionGracePeriodSeconds ?? wanted);
}

function isRunning(pod: KubeObject): boolean {
  const { nodeName = '' } = (pod.spec ?? {}) as { nodeName?: string };
  const { phase = '' } = (pod.status ?? {}) as { phase?: string };
  return nodeName !== '' && phase !== 'Succeeded' && phase !== 'Failed';
}

function terminatingStatus(type: ResourceType, current: KubeObject): { status?: object } {
  return type.kind === 'Namespace' ? { status: { ...(current.status as object), phase: 'Terminating' } } : {};
}
