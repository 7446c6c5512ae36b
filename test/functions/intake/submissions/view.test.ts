// What a user sees of a submission: what it waits for, and nothing of what its stages wrote.
import { submissionView } from '../../../../functions/intake/submissions/view';

const read = (stages: readonly object[], user = 'alice') => ({
  metadata: { labels: { 'hub-user': user } },
  state: { phase: 'queued', message: 'Stage setup: secret', lastLines: ['secret'], attempts: 1, stages },
});

test('what a stage waits for is told', () => {
  const waiting = {
    name: 'setup',
    phase: 'queued',
    reason: 'VolumeMount',
    message: 'The pod waits for its volume: persistentvolumeclaim "claim-alice" not found.',
  };
  const skipped = { name: 'verify', phase: 'skipped', message: 'Stage setup has failed.' };
  expect(submissionView('x', read([waiting, skipped]), 'alice')).toEqual({
    id: 'x',
    phase: 'queued',
    stages: [waiting, skipped],
  });
});

test.each(['running', 'queued', 'failed', 'succeeded'])('what began may have written its message: %s', (phase) => {
  const began = { name: 'test', phase, exitCode: 1, startedAt: '2026-11-29T12:00:00Z' };
  const view = submissionView('x', read([{ ...began, message: 'secret', lastLines: ['secret'] }]), 'alice');

  expect(view?.stages).toEqual([began]);
});

test.each([
  ['somebody else’s', read([], 'bob')],
  ['no submission', { metadata: { labels: { 'hub-user': 'alice' } }, state: { phase: 'queued' } }],
  ['nothing', undefined],
])('%s is not there', (_what, found) => {
  expect(submissionView('x', found, 'alice')).toBeUndefined();
});
