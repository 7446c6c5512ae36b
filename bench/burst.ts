// Twenty starts at once, against as many clients that post the same objects.
import { compareStarts } from './instruments/compareStarts';
import type { Measurement } from './instruments/measurement';

const pace = { warmUp: 4, turns: 3, pauseMs: 300, seconds: 25 } as const;

export const burst: Measurement = {
  name: 'burst',
  summary: '20 starts at once against 20 clients that post the same objects, each over its own connection',
  measure: async (bed) => [
    await compareStarts(bed, { name: 'burst', description: 'two', withAnchor: true, clients: 20, atMost: 1.5, pace }),
    await compareStarts(bed, {
      name: 'burst-plus-anchor',
      description: 'three',
      withAnchor: false,
      clients: 20,
      atMost: 1.5,
      pace,
    }),
  ],
};
