import type { JobState } from '../../../../bin/jobs/api/answers';
import { newsOf } from '../../../../bin/jobs/sets/progress';

const CLEAR = '\r\u001B[K';
const stage = (name: string, phase: string, more: object = {}) => ({ name, phase, message: '', ...more });
const state = (phase: string, ...stages: readonly ReturnType<typeof stage>[]): JobState => ({
  phase,
  message: '',
  attempts: 1,
  stages: [...stages],
});
const nothing: ReadonlySet<string> = new Set();

const under = state('running', stage('one', 'succeeded'), stage('two', 'running'), stage('three', 'waiting'));

test('elsewhere than on a terminal each stage that has begun is a line, once', () => {
  const { lines, text } = newsOf({ state: under, told: nothing, columns: undefined });

  expect(text).toBe('stage one succeeded\nstage two running\n');
  expect(newsOf({ state: under, told: new Set(lines), columns: undefined }).text).toBe('');
});

test('on a terminal a bar tells the stage that goes on, below those that are over', () => {
  const { lines, text } = newsOf({ state: under, told: nothing, columns: 40 });

  expect(text).toBe(`${CLEAR}stage one succeeded\n[#####..........] 1/3 stage two running`);
  expect(newsOf({ state: under, told: new Set(lines), columns: 40 }).text).toBe(
    `${CLEAR}[#####..........] 1/3 stage two running`,
  );
});

test('what a stage waits for is told, in one line', () => {
  const message = 'No node\n takes it.';
  const seen = state('queued', stage('one', 'queued', { reason: 'Unschedulable', message }));

  expect(newsOf({ state: seen, told: nothing, columns: undefined }).text).toBe('stage one queued: No node takes it.\n');
  expect(newsOf({ state: seen, told: nothing, columns: 50 }).text).toBe(
    `${CLEAR}[.......] 0/1 stage one queued: No node takes it.`,
  );
});

test('of a set that is over, no bar is left', () => {
  const skipped = stage('two', 'skipped', { message: 'Stage one has failed.' });
  const failed = stage('one', 'failed', { reason: 'Exited', message: 'It exited with 1.' });
  const { text } = newsOf({ state: state('failed', failed, skipped), told: nothing, columns: 80 });

  expect(text).toBe(`${CLEAR}stage one failed: It exited with 1.\nstage two skipped: Stage one has failed.\n`);
});

test.each([1, 10, 20, 40, 80, 200])('the bar fits into %d columns', (columns) => {
  const bar = newsOf({ state: under, told: new Set(['stage one succeeded']), columns }).text.replace(CLEAR, '');

  expect(bar.length).toBeLessThan(columns);
});
