// When a file begins anew and how the old one is called, as Python's handler has it.
import { rolloverAfter, suffixBefore } from '../../../../lib/logHandlers/worker/rotation';

const at = (...parts: [number, number, number, number?, number?, number?]): number => {
  const [year, month, ...rest] = parts;
  return new Date(year, month - 1, ...rest).getTime();
};

/** A Sunday. */
const NOW = at(2026, 11, 29, 14, 30, 15);

test.each<[when: string, rollover: number, suffix: string]>([
  ['S', at(2026, 11, 29, 14, 30, 16), '2026-11-29_14-30-15'],
  ['m', at(2026, 11, 29, 14, 31, 15), '2026-11-29_14-30'],
  ['H', at(2026, 11, 29, 15, 30, 15), '2026-11-29_14'],
  ['d', at(2026, 11, 30, 14, 30, 15), '2026-11-29'],
  ['midnight', at(2026, 11, 30), '2026-11-29'],
  ['W6', at(2026, 11, 30), '2026-11-23'],
  ['w0', at(2026, 12, 1), '2026-11-24'],
  ['w5', at(2026, 12, 6), '2026-11-29'],
])('%s', (when, rollover, suffix) => {
  expect(new Date(rolloverAfter(when, NOW))).toEqual(new Date(rollover));
  expect(suffixBefore(when, rollover)).toBe(suffix);
});
