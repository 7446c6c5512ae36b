// One condition of an object, with its times read and nothing left undefined: an absent one is neither true nor false.
import type { Condition } from './observed';
import { timeOf } from './times';

export interface ConditionState {
  readonly isTrue: boolean;
  readonly isFalse: boolean;
  readonly reason: string;
  readonly message: string;
  /** When its status changed. */
  readonly changedAt: number | undefined;
  /** When anything about it changed; Deployments only. */
  readonly updatedAt: number | undefined;
}

const ABSENT: Condition = { type: '', status: '' };

export function conditionOf(conditions: readonly Condition[] | undefined, type: string): ConditionState {
  const condition = conditions?.find((candidate) => candidate.type === type) ?? ABSENT;
  const changedAt = timeOf(condition.lastTransitionTime);
  return {
    isTrue: condition.status === 'True',
    isFalse: condition.status === 'False',
    reason: condition.reason ?? '',
    message: condition.message ?? '',
    changedAt,
    updatedAt: timeOf(condition.lastUpdateTime) ?? changedAt,
  };
}
