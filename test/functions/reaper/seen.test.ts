import { randomUUID } from 'node:crypto';
import { createSeen } from '../../../functions/reaper/seen';

test('who was seen is always known, and of strangers few are taken for known', () => {
  const seen = createSeen();
  const known = Array.from({ length: 50_000 }, () => randomUUID());
  for (const name of known) seen.add(name);

  expect(known.every(seen.has)).toBe(true);
  const strangers = Array.from({ length: 50_000 }, () => randomUUID()).filter(seen.has);
  expect(strangers.length).toBeLessThan(500);
});
