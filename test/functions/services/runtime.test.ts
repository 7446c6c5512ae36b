import { endOfRun, type Runtime } from '../../../functions/services/runtime';

const NOW = new Date('2026-11-21T12:00:00.000Z');

const CASES: readonly (readonly [string, readonly (Runtime | undefined)[], string | undefined])[] = [
  ['no limit', [undefined, undefined], undefined],
  ['a limit of nothing', [{}, { hours: 0 }], undefined],
  ['days, hours and minutes', [{ days: 1, hours: 2, minutes: 3 }], '2026-11-22T14:03:00.000Z'],
  ['the strictest', [{ hours: 5 }, { minutes: 30 }], '2026-11-21T12:30:00.000Z'],
];

test.each(CASES)('the end of a run with %s', (_what, limits, end) => {
  expect(endOfRun(NOW, limits)).toBe(end);
});
