import { exitCodeOf, type Outcome } from '../../../bin/images/outcome';

type Kind = Outcome['kind'];

test.each<[readonly Kind[], number, number]>([
  [['done'], 0, 0],
  [['there'], 1, 0],
  [['off'], 1, 0],
  [['failed'], 3, 3],
  [['there', 'off'], 1, 0],
  [['there', 'done', 'off'], 0, 0],
  [['done', 'failed', 'there'], 3, 3],
])('%j exit with %d, and where idle is good with %d', (kinds, usual, idleIsGood) => {
  const outcomes = kinds.map((kind) => ({ kind, text: '' }));
  expect(exitCodeOf(outcomes, false)).toBe(usual);
  expect(exitCodeOf(outcomes, true)).toBe(idleIsGood);
});
