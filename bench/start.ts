// POST to 201, against posting the same objects straight to the API server.
import { compareStarts } from './instruments/compareStarts';
import type { Measurement } from './instruments/measurement';

export const start: Measurement = {
  name: 'start',
  summary: 'POST to 201 against raw posts of Secret, ConfigMap, Service, Deployment, one after another',
  measure: async (bed) => [
    await compareStarts(bed, { name: 'start', description: 'two', withAnchor: true, clients: 1, atMost: 1.3 }),
    await compareStarts(bed, {
      name: 'start-plus-anchor',
      description: 'three',
      withAnchor: false,
      clients: 1,
      atMost: 1.3,
    }),
  ],
};
