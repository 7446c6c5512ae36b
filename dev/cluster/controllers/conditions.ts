// Conditions of a status: set one without losing when it last changed.

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly lastTransitionTime?: string | undefined;
}

export function conditionOf<C extends Condition>(conditions: readonly C[] | undefined, type: string): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return conditionOf(conditions, type)?.status === 'True';
}

/** The transition time moves only when the status does. */
export function withCondition<C extends Condition>(conditions: readonly C[] = [], condition: C, now: string): C[] {
  const before = conditionOf(conditions, condition.type);
  const since = before?.status === condition.status ? before.lastTransitionTime : undefined;
  const next: C = { ...condition, lastTransitionTime: since ?? now };
  if (before === undefined) return [...conditions, next];
  return conditions.map((each) => (each === before ? next : each));
}

export function withoutCondition<C extends Condition>(conditions: readonly C[] = [], type: string): C[] {
  return conditions.filter((condition) => condition.type !== type);
}
