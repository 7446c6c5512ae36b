// How soon a tunnel tries again.
import { failuresAfter, pauseMs } from '../../../../functions/userjobs/tunnel/backOff';

test('what was open is opened again at once', () => expect(pauseMs('ConnectionLost', 0)).toBe(0));

test('each failure makes the pause longer, up to five seconds', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 20].map((failures) => pauseMs('Unreachable', failures));
  expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
});

test('a host that says no is asked less often', () => {
  expect([pauseMs('LoginRefused', 20), pauseMs('HostKeyRefused', 20)]).toEqual([30_000, 30_000]);
});

test.each([
  [3, 60_000, 0],
  [0, 5_000, 0],
  [0, 200, 1],
  [3, 200, 4],
  [3, 0, 4],
])('after %i failures a connection that was open for %i ms makes %i', (failures, openForMs, expected) => {
  expect(failuresAfter(failures, openForMs)).toBe(expected);
});
