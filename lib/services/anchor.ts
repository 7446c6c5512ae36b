// The anchor of a service: a ConfigMap, one for each name, created first, that owns everything else and carries the whole
// record (docs/adr/0003).
import type { KubeObject } from '../kube/objects';
import { ANNOTATIONS, LABELS, MANAGED_BY, type AnchorPhase } from '../labels';
import { hashedLabel } from '../naming';
import type { Ending } from './ending';
import { ANCHOR_KIND, anchorName, commonLabels, serverLabels, type Identity } from './names';
import { NO_PROGRESS, type Progress } from './progress';

/** What the anchor records of a start. */
export interface Start extends Identity {
  /** Description that was asked for. */
  readonly service: string;
  readonly userId: number;
  /** What the hub calls the user, where it said so. */
  readonly userName?: string;
  readonly userOptions: Readonly<Record<string, unknown>>;
  /** `2026-11-20T15:56:38.842948Z`, microseconds. */
  readonly startDate: string;
  /** SHA-256 of the request; a repeat with the same digest is the same operation. */
  readonly digest: string;
  /** What the hub calls the server through all its starts, where that is not the name: a start replaces the one before. */
  readonly server?: string;
  /** ISO time at which a sweep ends it; absent: never. */
  readonly runUntil?: string;
}

/** An anchor read back from the cluster. */
export interface Anchor {
  readonly start: Start;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: Date;
  /** Present on what remains of a service after its objects were removed. */
  readonly ending: Ending | undefined;
  /** What was seen of the start so far, and how much of it the hub was told. */
  readonly progress: Progress;
  readonly object: KubeObject;
}

/** A service that is over, as it is kept. */
export interface Ended extends Pick<Anchor, 'start' | 'progress'> {
  readonly ending: Ending;
}

const RECORD = 'service.json';
const ENDING = 'ending.json';
const PROGRESS = 'progress.json';

export function anchorManifest(start: Start, namespace: string): KubeObject {
  return record(start, { name: anchorName(start), namespace, phase: 'active', data: {} });
}

/** What stays under the anchor's name when the objects of a service are removed; it owns nothing. */
export function endedManifest(ended: Ended, namespace: string): KubeObject {
  return record(ended.start, { name: anchorName(ended.start), namespace, phase: 'ended', data: endedData(ended) });
}

/** The same under a name of its own, for the moment in which the anchor goes. */
export function endingManifest(ended: Ended, namespace: string): KubeObject {
  const { credential, servername, startId } = ended.start;
  const name = hashedLabel(`ended-${servername}-${startId}`, ['ended', credential, servername, startId]);
  return record(ended.start, { name, namespace, phase: 'ended', data: endedData(ended) });
}

/** Writes progress onto an anchor that nobody changed since it was read. */
export function progressPatch(progress: Progress, { metadata }: KubeObject): object {
  return {
    metadata: {
      resourceVersion: metadata?.resourceVersion,
      annotations: { [ANNOTATIONS.servicePhase]: progress.phase },
    },
    data: { [PROGRESS]: JSON.stringify(progress) },
  };
}

export function isAnchor({ metadata }: KubeObject): boolean {
  return metadata?.labels?.[LABELS.managedBy] === MANAGED_BY && metadata.labels[LABELS.kind] === ANCHOR_KIND;
}

/** A record that cannot be read belongs to nobody (`isReadable`), and must not stop work on the others. */
export function toAnchor(object: KubeObject): Anchor {
  const { name = '', uid = '', creationTimestamp = '' } = object.metadata ?? {};
  const data = (object['data'] ?? {}) as Readonly<Record<string, string>>;
  const start = parsed<Start>(data[RECORD]) ?? NO_START;
  const ending = parsed<Ending>(data[ENDING]);
  const progress = parsed<Progress>(data[PROGRESS]) ?? NO_PROGRESS;
  return { start, name, uid, createdAt: new Date(creationTimestamp), ending, progress, object };
}

export function isReadable({ start }: Anchor): boolean {
  return start !== NO_START;
}

const NO_START: Start = {
  credential: '',
  servername: '',
  startId: '',
  service: '',
  userId: 0,
  userOptions: {},
  startDate: '',
  digest: '',
};

function parsed<T>(text: string | undefined): T | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

function record(
  start: Start,
  {
    name,
    namespace,
    phase,
    data,
  }: { name: string; namespace: string; phase: AnchorPhase; data: Record<string, string> },
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace,
      labels: { ...commonLabels(start), ...serverLabels(start), [LABELS.kind]: ANCHOR_KIND, [LABELS.phase]: phase },
      annotations: {
        [ANNOTATIONS.servername]: start.servername,
        [ANNOTATIONS.startId]: start.startId,
        [ANNOTATIONS.startDate]: start.startDate,
        ...(start.runUntil !== undefined && { [ANNOTATIONS.runUntil]: start.runUntil }),
      },
    },
    data: { [RECORD]: JSON.stringify(start), ...data },
  };
}

function endedData({ ending, progress }: Ended): Record<string, string> {
  return { [ENDING]: JSON.stringify(ending), [PROGRESS]: JSON.stringify({ ...progress, ending: undefined }) };
}
