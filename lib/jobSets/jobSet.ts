// The anchor of a job set: a ConfigMap that is made first, owns everything else, and holds what the stages are and how they ended.
import type { EarlyEnd } from '../jobs/jobState';
import type { KubeObject } from '../kube/objects';
import { ANNOTATIONS, LABELS, MANAGED_BY } from '../labels';
import { isRecord, parseJson } from '../record';
import { SET_KIND, setLabels, setName } from './names';
import type { SetState } from './setState';
import type { StageState } from './stageState';

/** A stage as it was asked for, ready to be made: whoever starts it needs neither the request nor the configuration. */
export interface Stage {
  readonly name: string;
  /** Runs whatever failed before. */
  readonly always: boolean;
  readonly untrusted: boolean;
  /** Not yet owned by the anchor. */
  readonly job: KubeObject;
}

export interface SharedClaim {
  readonly name: string;
  readonly size: string;
  readonly storageClass?: string | undefined;
  readonly accessMode: string;
}

/** What is written down when a set is made. */
export interface SetPlan {
  readonly id: string;
  readonly stages: readonly Stage[];
  readonly claims: readonly SharedClaim[];
}

export interface JobSet extends SetPlan {
  readonly uid: string;
  readonly createdAt: string;
  /** How stages ended, by name: from then on nobody has to ask their Jobs, which may be gone. */
  readonly ends: ReadonlyMap<string, StageState>;
  readonly earlyEnd: EarlyEnd | undefined;
  /** Present when the set is over. */
  readonly end: SetEnd | undefined;
  readonly object: KubeObject;
}

export interface SetEnd {
  readonly state: SetState;
  /** ISO time. */
  readonly endedAt: string;
}

const PLAN = 'set.json';
const END = 'end.json';
const STAGE_END = 'stage.';

export interface NewSet {
  readonly plan: SetPlan;
  readonly namespace: string;
  readonly credential: string;
  readonly digest: string;
  readonly labels: Readonly<Record<string, string>>;
}

export function setManifest({ plan, namespace, credential, digest, labels }: NewSet): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: setName(plan.id),
      namespace,
      labels: { ...labels, ...setLabels(credential, plan.id), [LABELS.phase]: 'active' },
      annotations: { [ANNOTATIONS.digest]: digest },
    },
    data: { [PLAN]: JSON.stringify(plan) },
  };
}

/** Undefined for what is no set, or one that nobody can read. */
export function toJobSet(object: KubeObject): JobSet | undefined {
  const { labels = {}, annotations = {}, uid = '', creationTimestamp: createdAt = '' } = object.metadata ?? {};
  if (labels[LABELS.managedBy] !== MANAGED_BY || labels[LABELS.kind] !== SET_KIND) return undefined;
  const data = isRecord(object['data']) ? object['data'] : {};
  const plan = parsed<SetPlan>(data[PLAN]);
  if (plan === undefined) return undefined;
  return {
    ...plan,
    uid,
    createdAt,
    ends: new Map(plan.stages.flatMap(({ name }) => entryOf(name, parsed<StageState>(data[STAGE_END + name])))),
    earlyEnd: annotations[ANNOTATIONS.earlyEnd] as EarlyEnd | undefined,
    end: parsed<SetEnd>(data[END]),
    object,
  };
}

/** Whoever writes it writes the same: ends are final. The uid keeps it from another set of this name. */
export function endsPatch({ uid }: JobSet, ends: readonly StageState[]): object {
  return { metadata: { uid }, data: dataOf(ends) };
}

export function endPatch({ uid }: JobSet, ends: readonly StageState[], end: SetEnd): object {
  return {
    metadata: { uid, labels: { [LABELS.phase]: end.state.phase } },
    data: { ...dataOf(ends), [END]: JSON.stringify(end) },
  };
}

export function earlyEndPatch({ uid }: JobSet, why: EarlyEnd): object {
  return { metadata: { uid, annotations: { [ANNOTATIONS.earlyEnd]: why } } };
}

function dataOf(ends: readonly StageState[]): Readonly<Record<string, string>> {
  return Object.fromEntries(ends.map((state) => [STAGE_END + state.name, JSON.stringify(state)]));
}

function entryOf(name: string, state: StageState | undefined): readonly (readonly [string, StageState])[] {
  return state === undefined ? [] : [[name, state]];
}

function parsed<T>(text: unknown): T | undefined {
  const value = typeof text === 'string' ? parseJson(text) : undefined;
  return isRecord(value) ? (value as T) : undefined;
}
