import { bar, line, summary } from '../../../../bin/jobs/tasks/progressBar';
import type { States, TaskState } from '../../../../bin/jobs/tasks/plan';

const of = (...states: readonly TaskState[]): States =>
  new Map(states.map((state, index) => [`task ${index}`, { state }]));

test('the bar fills with what is done or failed', () => {
  expect(bar(of('done', 'failed', 'running', 'undefined'), 100)).toBe(
    '[####################....................] 2/4 1 done, 1 running, 1 undefined, 1 failed',
  );
});

test.each([10, 20, 40, 80, 200])('it fits into %d columns', (columns) => {
  expect(bar(of('done', 'submitted', 'running', 'tosubmit', 'failed'), columns).length).toBeLessThan(columns);
});

test('a line has what is known', () => {
  expect(line('fit', { state: 'failed', id: 'shj-x-00001', reason: 'It broke.' })).toBe(
    'fit  failed  shj-x-00001  It broke.',
  );
  expect(line('fit', { state: 'tosubmit' })).toBe('fit  tosubmit');
});

test('the summary counts', () => {
  expect(summary(of('done'))).toBe('1 task: 1 done');
  expect(summary(of('done', 'done', 'failed'))).toBe('3 tasks: 2 done, 1 failed');
});
