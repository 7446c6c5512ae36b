// The anchor of a service: a ConfigMap, one for each name, created first, that owns everything else and carries the whole
// record (docs/adr/0003).
import { createHash } from 'node:crypto';
import type { KubeObject } from '../kube/objects';
import { ANNOTATIONS, LABELS, MANAGED_BY, type AnchorPhase } from '../labels';
import { dnsLabel, hashedLabel, shortHash } from '../naming';
import { NO_PROGRESS, type Progress } from './progress';

/** What a service is known by: nobody else's request can produce the same three. */
export interface Identity {
  readonly credential: string;
  readonly servername: string;
  readonly startId: string;
}

/** What the anchor records of a start. */
export interface Start extends Identity {
  /** Description that was asked for. */
  readonly service: string;
  readonly userId: number;
  readonly userOptions: Readonly<Record<string, unknown>>;
  /** `2026-11-20T15:56:38.842948Z`, microseconds. */
  readonly startDate: string;
  /** SHA-256 of the request; a repeat with the same digest is the same operation. */
  readonly digest: string;
}

/** How a service ended: told to every later poll until it is replaced, stopped or too old. */
export interface Ending {
  readonly phase: string;
  readonly reason: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly details: { readonly error: string; readonly detailed_error: string };
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

const KIND = 'service';
const RECORD = 'service.json';
const ENDING = 'ending.json';
const PROGRESS = 'progress.json';
/** Leaves room for a 16-character prefix in a 63-character name. */
const MAX_ID_LENGTH = 45;

/** `<id>` of the descriptions: `<servername>-<start_id>` where that can be part of a name. */
export function serviceId({ servername, startId }: Pick<Identity, 'servername' | 'startId'>): string {
  return dnsLabel(`${servername}-${startId}`, MAX_ID_LENGTH);
}

/** The same for every start of a name: where two meet, the API server tells the second one. */
export function anchorName({ credential, servername }: Required<Sought>): string {
  return hashedLabel(`service-${servername}`, [credential, servername]);
}

/** A credential's services, or the one of a name. */
export interface Sought {
  readonly credential: string;
  readonly servername?: string;
}

/** Every service that is not over. */
export function activeSelector(): string {
  return toSelector({ [LABELS.managedBy]: MANAGED_BY, [LABELS.kind]: KIND, [LABELS.phase]: 'active' });
}

export function anchorSelector(sought: Sought): string {
  return toSelector({ [LABELS.kind]: KIND, ...soughtLabels(sought) });
}

/** Selects the pods of main Deployments, whichever start they belong to. */
export function podSelector(sought: Sought): string {
  return toSelector({ [LABELS.role]: 'main', ...soughtLabels(sought) });
}

/** The same for a pod's own label of its anchor. */
export function podSelectorOf(anchor: string): string {
  return toSelector({ [LABELS.role]: 'main', [LABELS.anchor]: anchor });
}

/** Labels of every object that belongs to the start of an anchor. */
export function ownedLabels({ start, uid }: Anchor): Readonly<Record<string, string>> {
  return { ...commonLabels(start), [LABELS.anchorUid]: uid };
}

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
  return metadata?.labels?.[LABELS.managedBy] === MANAGED_BY && metadata.labels[LABELS.kind] === KIND;
}

export function toAnchor(object: KubeObject): Anchor {
  const { name = '', uid = '', creationTimestamp = '' } = object.metadata ?? {};
  const data = object['data'] as Readonly<Record<string, string>>;
  const start = JSON.parse(data[RECORD] ?? '{}') as Start;
  const ending = data[ENDING] === undefined ? undefined : (JSON.parse(data[ENDING]) as Ending);
  const progress = data[PROGRESS] === undefined ? NO_PROGRESS : (JSON.parse(data[PROGRESS]) as Progress);
  return { start, name, uid, createdAt: new Date(creationTimestamp), ending, progress, object };
}

/** SHA-256 over the JSON text of a value whose keys are sorted at every level. */
export function requestDigest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex');
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
      labels: { ...commonLabels(start), [LABELS.kind]: KIND, [LABELS.phase]: phase },
      annotations: {
        [ANNOTATIONS.servername]: start.servername,
        [ANNOTATIONS.startId]: start.startId,
        [ANNOTATIONS.startDate]: start.startDate,
      },
    },
    data: { [RECORD]: JSON.stringify(start), ...data },
  };
}

function endedData({ ending, progress }: Ended): Record<string, string> {
  return { [ENDING]: JSON.stringify(ending), [PROGRESS]: JSON.stringify({ ...progress, ending: undefined }) };
}

function commonLabels(identity: Identity): Readonly<Record<string, string>> {
  return {
    [LABELS.managedBy]: MANAGED_BY,
    [LABELS.anchor]: anchorName(identity),
    ...nameLabels(identity.credential, identity.servername),
  };
}

function soughtLabels({ credential, servername }: Sought): Readonly<Record<string, string>> {
  return servername === undefined ? credentialLabels(credential) : nameLabels(credential, servername);
}

function credentialLabels(credential: string): Readonly<Record<string, string>> {
  return { [LABELS.credential]: shortHash(credential) };
}

function nameLabels(credential: string, servername: string): Readonly<Record<string, string>> {
  return { ...credentialLabels(credential), [LABELS.name]: shortHash(credential, servername) };
}

function toSelector(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
