import { unfit, verdictOn } from '../../../functions/intake/queue/verdict';

const reason = 'why';

test.each([
  [{ is: 'done' }, 1, { do: 'finish' }],
  [{ is: 'refused', reason }, 1, { do: 'bury', reason }],
  [{ is: 'unavailable', reason }, 9, { do: 'postpone', ms: 10_000, isCounted: false }],
  [{ is: 'busy', reason }, 9, { do: 'postpone', ms: 10_000, isCounted: false }],
  [{ is: 'unready', reason }, 9, { do: 'postpone', ms: 10_000, isCounted: false }],
  [{ is: 'failed', reason }, 1, { do: 'postpone', ms: 5_000, isCounted: true }],
  [{ is: 'failed', reason }, 3, { do: 'postpone', ms: 20_000, isCounted: true }],
  [{ is: 'failed', reason }, 4, { do: 'bury', reason: 'tried 4 times: why' }],
] as const)('%j at attempt %i: %j', (outcome, attempts, verdict) => {
  expect(verdictOn(outcome, attempts, 4)).toEqual(verdict);
});

test('a pause does not grow for ever', () => {
  expect(verdictOn({ is: 'failed', reason }, 60, 99)).toMatchObject({ ms: 600_000 });
});

test.each([
  [{ size: 10, attempts: 3 }, undefined],
  [{ size: 11, attempts: 1 }, 'larger than 10 bytes'],
  [{ size: 10, attempts: 4 }, 'tried 3 times, and never to an end'],
])('%j: %s', (message, why) => {
  expect(unfit(message, { maxBytes: 10, attempts: 3 })).toBe(why);
});
