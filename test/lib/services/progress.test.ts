import {
  endedProgress,
  isOver,
  nextProgress,
  NO_PROGRESS,
  readyAt,
  untold,
  type Progress,
} from '../../../lib/services/progress';
import type { Verdict } from '../../../lib/status/verdict';

const NOW = new Date('2026-11-21T12:00:00Z');
const verdict = (step: Verdict['step'], more: Partial<Verdict> = {}): Verdict => ({
  phase: 'starting',
  message: `Now: ${step}.`,
  retryable: true,
  final: false,
  step,
  restarts: 0,
  ...more,
});
const RUNNING = verdict('ready', { phase: 'running' });
const ENDING = {
  phase: 'failed',
  reason: 'CrashLoop',
  message: 'It <crashes>.',
  retryable: false,
  details: { error: 'e', detailed_error: '<details>escaped already</details>' },
};

const after = (...verdicts: readonly Verdict[]): Progress =>
  verdicts.reduce((progress, each) => nextProgress(progress, each, NOW), NO_PROGRESS);
const texts = ({ events }: Progress): readonly string[] => events.map(({ message }) => message);

test('each step is one event, numbered from one, and percents only grow', () => {
  const { events, phase } = after(verdict('creating'), verdict('scheduling'), verdict('pulling'), RUNNING);
  expect(events.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  expect(events.map(({ percent }) => percent)).toEqual([35, 40, 60, 100]);
  expect(events.at(-1)).toMatchObject({ end: 'ready', message: 'The service is running.' });
  expect(phase).toBe('running');
});

test('nothing new is the same object', () => {
  const progress = after(verdict('pulling'));
  expect(nextProgress(progress, verdict('pulling'), NOW)).toBe(progress);
});

test('repeated and reordered verdicts change nothing', () => {
  const progress = after(verdict('creating'), verdict('pulling'), verdict('creating'), verdict('scheduling'));
  expect(texts(progress)).toEqual(['Now: creating.', 'Now: pulling.']);
});

test('a trouble is told in every step, once, whatever counts are in its text', () => {
  const failing = (message: string): Verdict => verdict('scheduling', { reason: 'Unschedulable', message });
  const progress = after(verdict('pulling'), failing('0/3 nodes fit.'), failing('0/12 nodes fit.'));
  expect(progress.events.map(({ percent, message }) => [percent, message])).toEqual([
    [60, 'Now: pulling.'],
    [60, '0/3 nodes fit.'],
  ]);
});

const secondsLater = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

test('a trouble says until when it may last', () => {
  const trouble = verdict('pulling', { reason: 'ImagePull', message: 'No <image>.', finalAt: '2026-11-21T12:01:00Z' });
  expect(after(trouble).events[0]?.html).toBe(
    '<details><summary>No &lt;image&gt;.</summary>Reason: ImagePull. Unless this changes, the start is given up at 2026-11-21T12:01:00Z.</details>',
  );
});

test('a service that was ready has no more progress, but an end', () => {
  const ready = after(RUNNING);
  const later = nextProgress(ready, verdict('creating', { reason: 'PodReplaced' }), NOW);
  expect(texts(later)).toEqual(texts(ready));
  expect(later.phase).toBe('starting');
  const ended = endedProgress(later, ENDING, secondsLater(61));
  expect(ended.events.map(({ end }) => end)).toEqual(['ready', 'failed']);
  expect(untold(ended).map(({ end }) => end)).toEqual(['ready']);
  expect(readyAt(ended)).toBe(NOW.toISOString());
});

test('a failure soon after it was ready is told: its hub may still wait for an answer', () => {
  const ready = after(RUNNING);
  expect(untold(endedProgress(ready, ENDING, secondsLater(60))).map(({ end }) => end)).toEqual(['ready', 'failed']);
  const stopped = endedProgress(ready, { ...ENDING, phase: 'stopped' }, secondsLater(1));
  expect(untold(stopped).map(({ end }) => end)).toEqual(['ready']);
});

test('an end is told once, escaped, and nothing follows it', () => {
  const ended = endedProgress(after(verdict('starting')), ENDING, NOW);
  expect(ended.events.at(-1)).toMatchObject({
    id: 2,
    percent: 100,
    reason: 'CrashLoop',
    end: 'failed',
    html: '<details><summary>It &lt;crashes&gt;.</summary><details>escaped already</details></details>',
  });
  expect(isOver(ended)).toBe(true);
  expect(endedProgress(ended, { ...ENDING, phase: 'stopped' }, NOW)).toBe(ended);
  expect(nextProgress(ended, RUNNING, NOW)).toBe(ended);
});

test('the list is bounded, and an end always finds room', () => {
  const reasons = Array.from({ length: 100 }, (_, index) => 'x'.repeat(index + 1));
  const full = after(...reasons.map((message) => verdict('starting', { reason: 'Unhealthy', message })));
  expect(full.events).toHaveLength(60);
  const long = { ...ENDING, details: { error: 'e', detailed_error: 'y'.repeat(100_000) } };
  const { events } = endedProgress(full, long, NOW);
  expect(events).toHaveLength(61);
  expect(events.at(-1)?.html).toBe('<details><summary>It &lt;crashes&gt;.</summary></details>');
});
