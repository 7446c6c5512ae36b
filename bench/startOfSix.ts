// POST to 201 of six objects: independent ones are created side by side, raw posts wait for each other.
import { compareStarts } from './instruments/compareStarts';
import type { Measurement } from './instruments/measurement';

export const startOfSix: Measurement = {
  name: 'startOfSix',
  summary: 'the same with two more independent objects',
  measure: async (bed) => [
    await compareStarts(bed, { name: 'six', description: 'four', withAnchor: true, clients: 1, atMost: 1 }),
    await compareStarts(bed, {
      name: 'six-plus-anchor',
      description: 'five',
      withAnchor: false,
      clients: 1,
      atMost: 1,
    }),
  ],
};
