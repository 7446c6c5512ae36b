// DELETE to 204: one API request, against the same request sent straight to the API server.
import type { Bed } from './instruments/bed';
import { interleave, timed, type Side } from './instruments/interleave';
import type { Measurement } from './instruments/measurement';
import type { Recorded } from './instruments/recorder';
import { countRequests } from './instruments/requestCount';
import { compared } from './instruments/statistics';

const NAME = 'stopped';

export const stop: Measurement = {
  name: 'stop',
  summary: 'API requests before the 204, and DELETE to 204 against the same request sent raw',
  measure: async (bed) => {
    const recorded = bed.hub({ isRecorded: true });
    await recorded.start(NAME, 'three');
    const { figure, note, records } = await countRequests(bed, async () => recorded.stop(NAME));
    const [removal] = records;
    if (removal === undefined) throw new Error('a stop made no API request');
    const { ours, floor } = await interleave(sides(bed, removal), { warmUp: 20, turns: 6 });
    return [
      { name: 'stop-requests', ours: figure, limit: { of: 'ours', atMost: 1 }, note },
      {
        name: 'stop',
        ...compared(ours, floor, 'ms'),
        limit: { of: 'ratio', atMost: 2 },
        note: 'the same request raw; what is required is the number of requests, this limit is our own',
      },
    ];
  },
};

/** Both remove a service that was just started; its start is not timed. */
function sides(bed: Bed, { path, body }: Recorded): Readonly<Record<'ours' | 'floor', Side>> {
  const [hub, raw] = [bed.hub(), bed.raw()];
  const removal = JSON.parse(body) as object;
  const afterStart = async (remove: () => Promise<unknown>): Promise<number> => {
    await hub.start(NAME, 'three');
    return timed(remove);
  };
  return {
    ours: async () => afterStart(async () => hub.stop(NAME)),
    floor: async () => afterStart(async () => raw.expect('DELETE', path, { body: removal })),
  };
}
