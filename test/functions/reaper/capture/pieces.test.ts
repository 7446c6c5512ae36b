import { missingAttempts, piecesOf } from '../../../../functions/reaper/capture/pieces';
import type { ObservedJob } from '../../../../lib/jobs/observedJob';
import type { Pod } from '../../../../lib/status/observed';

const ended = (phase: string, ...types: readonly string[]): Pod => ({
  status: { phase, conditions: types.map((type) => ({ type, status: 'True' })) },
});
const over = (type: string, counts: object): ObservedJob => ({
  status: { ...counts, conditions: [{ type, status: 'True' }] },
});
const suspended: ObservedJob = {
  metadata: { annotations: { 'hub-functions/early-end': 'cancelled' } },
  spec: { suspend: true },
};
const evicted = ended('Failed', 'DisruptionTarget');

test.each<[what: string, job: ObservedJob, pods: readonly Pod[], missing: number]>([
  ['all there', over('Complete', { succeeded: 1, failed: 1 }), [ended('Failed'), ended('Succeeded')], 0],
  ['the last one gone', over('Complete', { succeeded: 1, failed: 1 }), [ended('Failed')], 1],
  ['all gone', over('Failed', { failed: 4 }), [], 4],
  ['an eviction, which does not count', over('Complete', { succeeded: 1 }), [evicted, ended('Succeeded')], 0],
  ['the last one gone after an eviction', over('Complete', { succeeded: 1 }), [evicted], 1],
  ['one that runs on when all is over', over('Failed', { failed: 1 }), [ended('Running')], 0],
  ['one gone, and one on a lost node', { ...suspended, status: { failed: 2 } }, [ended('Running')], 1],
  ['one that waited when it was cancelled', { ...suspended, status: { failed: 1 } }, [], 0],
])('attempts without a pod: %s', (_what, job, pods, missing) => {
  expect(missingAttempts(job, pods)).toBe(missing);
});

test('there is a log of each container of each attempt, what runs first before the others', () => {
  const spec = { nodeName: 'n', initContainers: [{ name: 'first' }], containers: [{ name: 'main' }, { name: 'side' }] };
  const terminated = { exitCode: 2, startedAt: '2026-11-21T12:00:00Z' };
  const status = { initContainerStatuses: [{ name: 'first', state: { terminated } }] };
  const pods = ['a', 'b'].map((name) => ({ metadata: { name }, spec, status }));

  const pieces = piecesOf(pods);

  expect(pieces.map(({ pod, container, hasRun }) => [pod, container, hasRun])).toEqual([
    ['a', 'first', true],
    ['a', 'main', false],
    ['a', 'side', false],
    ['b', 'first', true],
    ['b', 'main', false],
    ['b', 'side', false],
  ]);
  expect(pieces[0]?.end).toEqual(terminated);
});
