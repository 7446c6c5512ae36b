// POST to 201, against posting the same objects straight to the API server, one after another: alone, of more objects, many at once.
import { compareStarts, type StartComparison } from './instruments/compareStarts';
import type { Measurement } from './instruments/measurement';

export const start = measured('start', {
  summary: 'POST to 201 against raw posts of Secret, ConfigMap, Service, Deployment, one after another',
  descriptions: ['two', 'three'],
  clients: 1,
  atMost: 1.3,
});

/** Independent objects are created side by side, raw posts wait for each other. */
export const six = measured('six', {
  summary: 'the same with two more independent objects',
  descriptions: ['four', 'five'],
  clients: 1,
  atMost: 1,
});

export const burst = measured('burst', {
  summary: '20 starts at once against 20 clients that post the same objects, each over its own connection',
  descriptions: ['two', 'three'],
  clients: 20,
  atMost: 1.5,
  pace: { warmUp: 4, turns: 3, pauseMs: 300, seconds: 25 },
});

interface Starts extends Pick<StartComparison, 'clients' | 'atMost' | 'pace'> {
  readonly summary: string;
  /** With as many objects as the raw side posts, the anchor being one of them; and with the anchor on top. */
  readonly descriptions: readonly [StartComparison['description'], StartComparison['description']];
}

function measured(name: string, { summary, descriptions, ...settings }: Starts): Measurement {
  const [including, plus] = descriptions;
  return {
    name,
    summary,
    measure: async (bed) => [
      await compareStarts(bed, { ...settings, name, description: including, withAnchor: true }),
      await compareStarts(bed, { ...settings, name: `${name}-plus-anchor`, description: plus, withAnchor: false }),
    ],
  };
}
