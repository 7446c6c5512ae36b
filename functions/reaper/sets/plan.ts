// Decides what has to happen to one set next. Pure.
//
// | seen                                               | next                       |
// | -------------------------------------------------- | -------------------------- |
// | under deletion, or not over                        | nothing                    |
// | captured                                           | reap, when the policy says |
// | over, and nothing of it runs any more              | capture                    |
// | over for too long, whatever still runs             | capture, the last chance   |
import { hasEnded } from '../../../lib/jobs/attempts';
import type { JobSet } from '../../../lib/jobSets/jobSet';
import type { StageJobs } from '../../../lib/jobSets/setState';
import type { ReaperConfig } from '../configFile';
import { isCaptured } from '../jobs/plan';
import { isKept, ruleFor } from '../jobs/policy';

export type SetStep =
  { readonly do: 'nothing' | 'reap' | 'look' } | { readonly do: 'capture'; readonly isLastChance: boolean };

export interface LookedSet {
  readonly set: JobSet;
  /** Absent: nobody has looked yet. */
  readonly jobs?: StageJobs;
}

const NOTHING: SetStep = { do: 'nothing' };

export function planSet({ set, jobs }: LookedSet, policy: Pick<ReaperConfig, 'jobs' | 'capture'>, now: Date): SetStep {
  const { object, end } = set;
  if (object.metadata?.deletionTimestamp !== undefined || end === undefined) return NOTHING;
  const seconds = (now.getTime() - setEndedAt(set)) / 1000;
  if (isCaptured(object)) {
    return seconds > ruleFor(object, policy.jobs).age_seconds && !isKept(object) ? { do: 'reap' } : NOTHING;
  }
  if (jobs === undefined) return { do: 'look' };
  const isLastChance = seconds > policy.capture.deadline_seconds;
  const isSilent = [...jobs.values()].every(({ pods }) => pods.every(hasEnded));
  return isLastChance || isSilent ? { do: 'capture', isLastChance } : NOTHING;
}

/** Milliseconds. */
export function setEndedAt({ end }: JobSet): number {
  return Date.parse(end?.endedAt ?? '') || 0;
}
