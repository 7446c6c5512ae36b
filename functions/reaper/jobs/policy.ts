// How long a captured job stays, by its outcome and profile. Pure.
import { jobState } from '../../../lib/jobs/jobState';
import type { KubeObject } from '../../../lib/kube/objects';
import { LABELS } from '../../../lib/labels';
import type { JobRules, Rule } from '../configFile';

const RULE_OF = { succeeded: 'success', failed: 'failure', cancelled: 'cancelled' } as const;

type Outcome = keyof typeof RULE_OF;

/** Labels are for people to change, too; then the Job itself tells it. */
function outcomeOf(job: KubeObject): Outcome {
  const { phase } = jobState(job, []);
  return isOutcome(phase) ? phase : 'failed';
}

/** Its label says which rule applies. */
export function hasOutcome({ metadata }: KubeObject): boolean {
  return isOutcome(metadata?.labels?.[LABELS.phase]);
}

function isOutcome(phase: string | undefined): phase is Outcome {
  return phase !== undefined && Object.hasOwn(RULE_OF, phase);
}

/** Of the job's profile, and where that says nothing, of all. */
export function ruleFor(job: KubeObject, rules: JobRules): Rule {
  const { [LABELS.phase]: phase, [LABELS.profile]: profile = '' } = job.metadata?.labels ?? {};
  const outcome = RULE_OF[isOutcome(phase) ? phase : outcomeOf(job)];
  const own = Object.hasOwn(rules.profiles, profile) ? rules.profiles[profile]?.[outcome] : undefined;
  const { age_seconds = rules[outcome].age_seconds, count = rules[outcome].count } = own ?? {};
  return { age_seconds, count };
}

/** Jobs that compete for the same places. */
export function groupOf({ metadata }: KubeObject): string {
  const { labels = {} } = metadata ?? {};
  return [labels[LABELS.credential], labels[LABELS.profile], labels[LABELS.phase]].join(' ');
}

export function isKept({ metadata }: KubeObject): boolean {
  const keep = metadata?.labels?.[LABELS.keep];
  return keep !== undefined && keep !== 'false';
}
