// How job sets and what belongs to them are named, labelled and found again.
import { LABELS, MANAGED_BY } from '../labels';
import { shortHash } from '../naming';

/** Of the ConfigMap that is the anchor of a set. */
export const SET_KIND = 'job-set';
/** Of everything that belongs to a set, its Jobs and pods among it: they are no jobs of their own. */
export const STAGE_KIND = 'job-stage';

/** With a prefix: an id is chosen by a caller, and other ConfigMaps of the namespace have names that mean something. */
export function setName(id: string): string {
  return `${SET_KIND}-${id}`;
}

export function stageJobName(id: string, stage: string): string {
  return `${id}-${stage}`;
}

/** With a dot, which no id of a job has: what belongs to one is never taken for what belongs to the other. */
export function stageBelongingsId(id: string, stage: string): string {
  return `${id}.${stage}`;
}

/** With prefix and dot: no claim of a user is called so, whatever ids callers choose, and a start would take it for that one. */
export function claimName(id: string, claim: string): string {
  return `${setName(id)}.${claim}`;
}

export function policyName(id: string): string {
  return `${id}-untrusted`;
}

export function setLabels(credential: string, id: string): Readonly<Record<string, string>> {
  return { ...ofCredential(credential), [LABELS.kind]: SET_KIND, [LABELS.jobSet]: id };
}

export function belongingLabels(credential: string, id: string): Readonly<Record<string, string>> {
  return { ...ofCredential(credential), [LABELS.kind]: STAGE_KIND, [LABELS.jobSet]: id };
}

/** Of a stage's Job and pods. */
export function stageLabels(
  { credential, id }: { readonly credential: string; readonly id: string },
  { name, untrusted }: { readonly name: string; readonly untrusted: boolean },
): Readonly<Record<string, string>> {
  return {
    ...belongingLabels(credential, id),
    [LABELS.stage]: name,
    ...(untrusted && { [LABELS.untrusted]: 'true' }),
  };
}

/** The sets of one credential. */
export function setSelector(credential: string): string {
  return selectorOf({ ...ofCredential(credential), [LABELS.kind]: SET_KIND });
}

/** Jobs and pods of one credential's sets. */
export function stageSelector(credential: string): string {
  return selectorOf({ ...ofCredential(credential), [LABELS.kind]: STAGE_KIND });
}

/** Jobs and pods of one set. */
export function stagesOfSet(id: string): string {
  return selectorOf({ [LABELS.managedBy]: MANAGED_BY, [LABELS.kind]: STAGE_KIND, [LABELS.jobSet]: id });
}

/** Sets that are not over, whosever they are. */
export const ACTIVE_SETS = selectorOf({
  [LABELS.managedBy]: MANAGED_BY,
  [LABELS.kind]: SET_KIND,
  [LABELS.phase]: 'active',
});

export const EVERY_SET = selectorOf({ [LABELS.managedBy]: MANAGED_BY, [LABELS.kind]: SET_KIND });
export const EVERY_STAGE = selectorOf({ [LABELS.managedBy]: MANAGED_BY, [LABELS.kind]: STAGE_KIND });

function ofCredential(credential: string): Readonly<Record<string, string>> {
  return { [LABELS.managedBy]: MANAGED_BY, [LABELS.credential]: shortHash(credential) };
}

function selectorOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
}
