import type { JobSet } from '../../../lib/jobSets/jobSet';
import { newEnds, nextStep, setState, type SeenSet } from '../../../lib/jobSets/setState';
import type { StageJob, StageState } from '../../../lib/jobSets/stageState';

const NOW = new Date('2026-01-01T00:01:00Z');
const SUBMISSION = 120;

const stage = (name: string, always = false) => ({ name, always, untrusted: false, job: {} });
const set: JobSet = {
  id: 's',
  uid: 'u',
  createdAt: '2026-01-01T00:00:00Z',
  stages: [stage('one'), stage('two'), stage('three'), stage('last', true)],
  claims: [],
  ends: new Map(),
  earlyEnd: undefined,
  end: undefined,
  object: {},
};

const job = { spec: { backoffLimit: 0 } };
const failing = (exitCode: number): StageJob => ({
  job,
  pods: [{ status: { phase: 'Failed', containerStatuses: [{ name: 'c', state: { terminated: { exitCode } } }] } }],
});
const JOBS: Readonly<Record<string, StageJob>> = {
  waits: { job, pods: [] },
  runs: { job, pods: [{ spec: { nodeName: 'n' }, status: { phase: 'Running' } }] },
  passes: { job, pods: [{ status: { phase: 'Succeeded' } }] },
  fails: failing(1),
  times: failing(124),
  late: { job: { spec: { backoffLimit: 2 } }, pods: [{ status: { phase: 'Failed', reason: 'DeadlineExceeded' } }] },
  ending: {
    job: { ...job, metadata: { annotations: { 'hub-functions/early-end': 'cancelled' } } },
    pods: [{ spec: { nodeName: 'n' }, status: { phase: 'Running' } }],
  },
};

/** `passes runs`: of the first and the second stage. */
function seen(words: string, more: Partial<JobSet> = {}): SeenSet {
  const whole = { ...set, ...more };
  const entries = words.split(' ').flatMap((word, index): [string, StageJob][] => {
    const found = JOBS[word];
    return found === undefined ? [] : [[whole.stages[index]?.name ?? '', found]];
  });
  return { set: whole, jobs: new Map(entries) };
}

const names = (from: SeenSet): readonly string[] => newEnds(from).map(({ name }) => name);

const cancelled = { earlyEnd: 'cancelled' } as const;
const longAgo = { createdAt: '2025-12-31T00:00:00Z' };
const passed: StageState = { name: 'one', phase: 'succeeded', message: '' };

test.each<[string, string, Partial<JobSet>, object]>([
  ['nothing yet', '', {}, { do: 'wait' }],
  ['nothing for too long', '', longAgo, { do: 'finish', state: { phase: 'failed', reason: 'NeverReleased' } }],
  ['the first waits', 'waits', {}, { do: 'wait' }],
  ['the first runs', 'runs', {}, { do: 'wait' }],
  ['the first has passed', 'passes', {}, { do: 'start', stage: { name: 'two' } }],
  [
    'the first has passed, and its Job is gone',
    '',
    { ends: new Map([['one', passed]]) },
    { do: 'start', stage: { name: 'two' } },
  ],
  ['the second runs', 'passes runs', {}, { do: 'wait' }],
  ['the first has failed', 'fails', {}, { do: 'start', stage: { name: 'last' } }],
  ['what runs always runs', 'fails - - runs', {}, { do: 'wait' }],
  [
    'what runs always has passed',
    'fails - - passes',
    {},
    { do: 'finish', state: { phase: 'failed', reason: 'StageFailed' } },
  ],
  ['a timeout', 'passes times - passes', {}, { do: 'finish', state: { reason: 'StageTimeout', exitCode: 124 } }],
  ['what runs always fails alone', 'passes passes passes fails', {}, { do: 'finish', state: { phase: 'failed' } }],
  ['all have passed', 'passes passes passes passes', {}, { do: 'finish', state: { phase: 'succeeded', exitCode: 0 } }],
  ['too long, and another attempt would follow', 'late', {}, { do: 'end', stages: ['one'], why: 'deadline exceeded' }],
  ['cancelled while it runs', 'passes runs', cancelled, { do: 'end', stages: ['two'], why: 'cancelled' }],
  ['cancelled, on its way out', 'passes ending', cancelled, { do: 'end', stages: ['two'] }],
  ['a stage that somebody ends', 'passes ending', {}, { do: 'end', stages: ['two'] }],
  ['cancelled in between', 'passes', cancelled, { do: 'finish', state: { phase: 'cancelled' } }],
  ['cancelled before it began', '', cancelled, { do: 'finish', state: { phase: 'cancelled' } }],
])('%s', (_what, words, more, expected) => {
  expect(nextStep(seen(words, more), SUBMISSION, NOW)).toMatchObject(expected);
});

test('what is over waits for nothing, and ends what somebody started late', () => {
  const state = setState(seen('fails - - passes'));
  const over = { end: { state, endedAt: '' } };

  expect(nextStep(seen('fails - - passes', over), SUBMISSION, NOW)).toEqual({ do: 'wait' });
  expect(nextStep(seen('fails runs - passes', over), SUBMISSION, NOW)).toMatchObject({ do: 'end', stages: ['two'] });
});

test('skipped stages say whose failure it was', () => {
  const { stages } = setState(seen('passes fails - runs'));

  expect(stages.map(({ phase }) => phase)).toEqual(['succeeded', 'failed', 'skipped', 'running']);
  expect(stages[2]?.message).toBe('Stage two has failed.');
});

test.each([
  ['', 'queued'],
  ['waits', 'queued'],
  ['runs', 'running'],
  ['passes waits', 'running'],
])('a set whose stages are "%s" is %s', (words, phase) => {
  expect(setState(seen(words)).phase).toBe(phase);
});

test('ends that are written down are not news', () => {
  expect(names(seen('passes fails'))).toEqual(['one', 'two']);
  expect(names(seen('passes fails', { ends: new Map([['one', passed]]) }))).toEqual(['two']);
  expect(names(seen('passes runs'))).toEqual(['one']);
});
