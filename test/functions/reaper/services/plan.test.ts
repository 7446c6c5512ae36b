import { planSweep } from '../../../../functions/reaper/services/plan';
import type { KubeObject } from '../../../../lib/kube/objects';

const NOW = new Date('2026-11-21T12:00:00Z');
const policy = { startDeadlineSeconds: 120, endedRetentionSeconds: 3600 };

interface Sketch {
  readonly start: string;
  readonly startId?: string;
  readonly startDate?: string;
  readonly ended?: boolean;
  readonly ageSeconds: number;
}

function anchor({ start, startId = '1', startDate = 'then', ended = false, ageSeconds }: Sketch): KubeObject {
  const created = new Date(NOW.getTime() - ageSeconds * 1000).toISOString();
  return {
    metadata: {
      name: ended ? `ended-${start}` : start,
      namespace: 'hub',
      uid: `uid-${ended ? 'ended-' : ''}${start}`,
      creationTimestamp: created,
      labels: {
        'hub-functions/anchor': start,
        'hub-functions/phase': ended ? 'ended' : 'active',
      },
      annotations: { 'hub-functions/start-id': startId, 'hub-functions/start-date': startDate },
    },
  };
}

const plan = (sketches: readonly Sketch[], complete: readonly string[] = []): unknown[] =>
  planSweep({ anchors: sketches.map(anchor), complete: new Set(complete) }, policy, NOW).map(({ name, reason }) => [
    name,
    reason,
  ]);

test('a complete start stays, however old', () => {
  expect(plan([{ start: 'a', ageSeconds: 1e7 }], ['uid-a'])).toEqual([]);
});

test('a start that never completed goes after the deadline, not before', () => {
  expect(plan([{ start: 'a', ageSeconds: 119 }])).toEqual([]);
  expect(plan([{ start: 'a', ageSeconds: 121 }])).toEqual([['a', 'start_never_completed']]);
});

test('a start is not complete because an earlier one of its name was', () => {
  expect(plan([{ start: 'a', ageSeconds: 121 }], ['uid-earlier-a'])).toEqual([['a', 'start_never_completed']]);
});

test('a start whose end is recorded goes, the record stays until it is too old', () => {
  const both = [
    { start: 'a', ageSeconds: 500 },
    { start: 'a', ended: true, ageSeconds: 300 },
  ];
  expect(plan(both, ['uid-a'])).toEqual([['a', 'ended_and_recorded']]);
  expect(plan([{ start: 'a', ended: true, ageSeconds: 3601 }])).toEqual([['ended-a', 'record_expired']]);
});

test('a record of an earlier start leaves the start that runs alone', () => {
  const both = [
    { start: 'a', startId: '2', ageSeconds: 500 },
    { start: 'a', startId: '1', ended: true, ageSeconds: 900 },
  ];
  expect(plan(both, ['uid-a'])).toEqual([]);
});

test('a record leaves a start alone that began anew under its start id', () => {
  const both = [
    { start: 'a', startDate: 'now', ageSeconds: 500 },
    { start: 'a', startDate: 'then', ended: true, ageSeconds: 900 },
  ];
  expect(plan(both, ['uid-a'])).toEqual([]);
});

test('each deletion carries namespace and uid as precondition', () => {
  const [deletion] = planSweep(
    { anchors: [anchor({ start: 'a', ageSeconds: 500 })], complete: new Set() },
    policy,
    NOW,
  );
  expect(deletion).toMatchObject({ namespace: 'hub', uid: 'uid-a' });
});

function runningUntil(until: string): KubeObject {
  const { metadata } = anchor({ start: 'a', ageSeconds: 30 });
  return { metadata: { ...metadata, annotations: { ...metadata?.annotations, 'hub-functions/run-until': until } } };
}

test.each([
  ['2026-11-21T11:59:59Z', ['run_time_exceeded']],
  ['2026-11-21T12:00:00Z', ['run_time_exceeded']],
  ['2026-11-21T12:00:01Z', []],
])('a run until %s is planned for %j, however young and complete it is', (until, reasons) => {
  const listed = { anchors: [runningUntil(until)], complete: new Set(['uid-a']) };

  expect(planSweep(listed, policy, NOW).map(({ reason }) => reason)).toEqual(reasons);
});
