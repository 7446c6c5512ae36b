import type { ObservedJob } from '../../../lib/jobs/observedJob';
import { hasTimedOut, mustBeEnded, stageState } from '../../../lib/jobSets/stageState';
import type { Pod } from '../../../lib/status/observed';

const good: Pod = {
  metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
  status: {
    phase: 'Succeeded',
    containerStatuses: [
      {
        name: 'c',
        state: { terminated: { exitCode: 0, startedAt: '2026-01-01T00:00:01Z', finishedAt: '2026-01-01T00:00:02Z' } },
      },
    ],
  },
};
const bad = (exitCode: number): Pod => ({
  spec: { nodeName: 'n' },
  status: { phase: 'Failed', containerStatuses: [{ name: 'c', state: { terminated: { exitCode } } }] },
});
const late: Pod = { status: { phase: 'Failed', reason: 'DeadlineExceeded' } };
const disrupted: Pod = { status: { phase: 'Failed', conditions: [{ type: 'DisruptionTarget', status: 'True' }] } };
const running: Pod = { spec: { nodeName: 'n' }, status: { phase: 'Running' } };
const once: ObservedJob = { spec: { backoffLimit: 0 } };
const twice: ObservedJob = { spec: { backoffLimit: 1 } };
const ended = (why: string, suspend = false): ObservedJob => ({
  metadata: { annotations: { 'hub-functions/early-end': why } },
  spec: { backoffLimit: 0, suspend },
});
const complete: ObservedJob = { status: { conditions: [{ type: 'Complete', status: 'True' }] } };

type Row = readonly [what: string, job: ObservedJob, pods: readonly Pod[], phase: string, isOver: boolean];

test.each<Row>([
  ['without a pod', once, [], 'queued', false],
  ['that runs', once, [running], 'running', false],
  ['whose pod has succeeded', once, [good], 'succeeded', true],
  ['that Kubernetes says is complete', complete, [], 'succeeded', true],
  ['whose only attempt has failed', once, [bad(1)], 'failed', true],
  ['that may try again', twice, [bad(1)], 'queued', false],
  ['that has tried again', twice, [bad(1), bad(1)], 'failed', true],
  ['whose first pod is gone', { ...twice, status: { failed: 2 } }, [bad(1)], 'failed', true],
  ['whose node was lost', once, [disrupted], 'queued', false],
  ['that is being cancelled', ended('cancelled'), [running], 'cancelled', false],
  ['that was cancelled', ended('cancelled'), [bad(143)], 'cancelled', true],
  ['that had succeeded when it was cancelled', ended('cancelled'), [good], 'succeeded', true],
  ['whose node does not answer', ended('node lost', true), [running], 'failed', true],
])('a stage %s', (_what, job, pods, phase, isOver) => {
  const seen = stageState('s', { job, pods });
  expect([seen.state.phase, seen.isOver]).toEqual([phase, isOver]);
});

test('tells when it ran', () => {
  expect(stageState('s', { job: once, pods: [good] }).state).toMatchObject({
    exitCode: 0,
    startedAt: '2026-01-01T00:00:01Z',
    endedAt: '2026-01-01T00:00:02Z',
  });
});

test.each([
  [124, [bad(124)], true],
  [1, [bad(1)], false],
  ['its deadline', [late], true],
])('ended by %s', (_how, pods, expected) => {
  expect(hasTimedOut(stageState('s', { job: once, pods }).state)).toBe(expected);
});

test.each([
  ['may try again after its deadline', twice, [late], true],
  ['had its last attempt', once, [late], false],
  ['may try again after a failure', twice, [bad(1)], false],
  ['is being ended', ended('deadline exceeded'), [late], false],
])('a stage that %s', (_what, job, pods, expected) => {
  expect(mustBeEnded({ job, pods })).toBe(expected);
});
