import { exitCodeOf } from '../../../../bin/jobs/api/answers';
import { nextStep } from '../../../../bin/jobs/follow';
import { unread } from '../../../../bin/jobs/readAttempt';

test.each([
  [{ phase: 'succeeded', exitCode: 0 }, 0],
  [{ phase: 'failed', exitCode: 7 }, 7],
  [{ phase: 'failed', exitCode: 0 }, 1],
  [{ phase: 'failed' }, 1],
  [{ phase: 'cancelled' }, 1],
])('%j exits with %d', (state, code) => {
  expect(exitCodeOf({ message: '', attempts: 1, ...state })).toBe(code);
});

test.each([
  ['no attempt yet', { attempt: 1 }, { phase: 'queued', attempts: 0 }, 'pause'],
  ['one that is being started', { attempt: 1 }, { phase: 'starting', attempts: 1 }, 'pause'],
  ['one that runs', { attempt: 1 }, { phase: 'running', attempts: 1 }, 'follow'],
  ['one that ended, unread', { attempt: 1 }, { phase: 'running', attempts: 2 }, 'read the rest'],
  ['one that ended, read', { attempt: 1, isWhole: true }, { phase: 'starting', attempts: 2 }, 'next attempt'],
  ['the last one, broken off', { attempt: 2 }, { phase: 'failed', attempts: 2 }, 'read the rest'],
  ['the last one, read', { attempt: 2, isWhole: true }, { phase: 'failed', attempts: 2 }, 'next attempt'],
  ['one after the last', { attempt: 3 }, { phase: 'failed', attempts: 2 }, 'end'],
  ['a job that never ran', { attempt: 1 }, { phase: 'cancelled', attempts: 0 }, 'end'],
])('following %s: %j of %j, %s', (_what, reading, state, step) => {
  const read = { ...unread(1), ...reading };
  expect(nextStep(read, { message: '', ...state })).toBe(step);
});
