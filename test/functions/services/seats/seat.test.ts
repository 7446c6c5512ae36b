import { placesFor, seatName, seatSelector } from '../../../../functions/services/seats/seat';

const limit = { scope: ['flavor', 'small'] as const, max: 5, refusal: '' };

test('a start tries every place once, always in the same order, and others begin elsewhere', () => {
  const orders = Array.from({ length: 20 }, (_, index) => placesFor(limit, `uid-${index}`));

  for (const order of orders) expect(new Set(order)).toEqual(new Set([0, 1, 2, 3, 4]));
  expect(placesFor(limit, 'uid-1')).toEqual(placesFor(limit, 'uid-1'));
  expect(new Set(orders.map(([first]) => first)).size).toBeGreaterThan(2);
});

test('without a limit everyone has a place of its own, with limit 0 nobody has', () => {
  expect(placesFor({ max: Infinity }, 'uid-1')).toEqual(['uid-1']);
  expect(placesFor({ max: 0 }, 'uid-1')).toEqual([]);
});

test('seats of different limits never share a name or a selection', () => {
  const other = { ...limit, scope: ['flavor of user', 'hub', '1', 'small'] as const };

  expect(seatName(limit, 0)).not.toBe(seatName(other, 0));
  expect(seatSelector(limit)).not.toBe(seatSelector(other));
});
