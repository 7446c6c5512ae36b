import type { StageJob } from '../../../../lib/jobSets/stageState';
import type { JobSet } from '../../../../lib/jobSets/jobSet';
import { reaperKey } from '../../../../functions/reaper/configFile';
import { planSet } from '../../../../functions/reaper/sets/plan';

const policy = reaperKey.parse({ jobs: { success: { age_seconds: 60 } }, capture: { deadline_seconds: 600 } });
const now = new Date('2026-01-01T01:00:00Z');
const ago = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();
const state = { phase: 'succeeded', message: '', attempts: 1, isOver: true, stages: [] } as const;
const set = (endedSecondsAgo: number | undefined, metadata: object = {}): JobSet => ({
  id: 's',
  uid: 'u',
  createdAt: ago(9999),
  stages: [],
  claims: [],
  ends: new Map(),
  earlyEnd: undefined,
  end: endedSecondsAgo === undefined ? undefined : { state, endedAt: ago(endedSecondsAgo) },
  object: { metadata: { labels: { 'hub-functions/phase': 'succeeded' }, ...metadata } },
});
const captured = { annotations: { 'hub-functions/captured': 'x' } };
const kept = { ...captured, labels: { 'hub-functions/phase': 'succeeded', 'hub-functions/keep': 'yes' } };
const stages = (phase: string): ReadonlyMap<string, StageJob> =>
  new Map([['a', { job: {}, pods: [{ status: { phase } }] }]]);

test.each([
  ['not over', set(undefined), stages('Succeeded'), { do: 'nothing' }],
  ['under deletion', set(1, { deletionTimestamp: 'now' }), stages('Succeeded'), { do: 'nothing' }],
  ['over, and nobody has looked', set(1), undefined, { do: 'look' }],
  ['over', set(1), stages('Failed'), { do: 'capture', isLastChance: false }],
  ['over, but a pod runs', set(1), stages('Running'), { do: 'nothing' }],
  ['over for long, but a pod runs', set(601), stages('Running'), { do: 'capture', isLastChance: true }],
  ['captured a moment ago', set(59, captured), undefined, { do: 'nothing' }],
  ['captured long ago', set(61, captured), undefined, { do: 'reap' }],
  ['to be kept', set(61, kept), undefined, { do: 'nothing' }],
])('a set that is %s', (_what, seen, jobs, expected) => {
  expect(planSet({ set: seen, ...(jobs && { jobs }) }, policy, now)).toEqual(expected);
});
