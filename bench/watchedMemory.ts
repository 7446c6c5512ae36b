// Resident memory of an instance whose cache holds thousands of services, and that answers polls of all of them.
import { setTimeout as sleep } from 'node:timers/promises';
import { READINESS } from './instruments/bed';
import { inImage } from './instruments/image';
import { load } from './instruments/load';
import type { Measurement } from './instruments/measurement';
import { populate } from './instruments/population';
import { residentMib } from './instruments/residentMemory';
import { toFigure } from './instruments/statistics';

const SERVICES = 2_000;
const WARM_UP_MS = 10_000;
const LIMIT_MIB = 120;

export const watchedMemory: Measurement = {
  name: 'watchedMemory',
  summary: `VmRSS of an instance with ${SERVICES} services in its cache, after polls of all of them`,
  isLocal: true,
  measure: async (bed) => {
    const names = await populate(bed, 'kept', SERVICES);
    const { url, pid, stop } = await bed.launch({ path: READINESS, args: inImage('services') });
    const headers = { authorization: bed.logins.basic };
    const paths = names.map((name) => `/api/services/${name}/`);
    try {
      await load({ url, connections: 1, seconds: 0.1, paths, headers });
      await sleep(WARM_UP_MS);
      const warm = residentMib(pid);
      const { answers } = await load({ url, connections: 32, seconds: 5, paths, headers });
      const limit = { of: 'ours', atMost: LIMIT_MIB } as const;
      return [
        { name: 'watched-memory', ours: toFigure([warm], 'MiB'), limit, note: `VmRSS with ${SERVICES} services` },
        {
          name: 'watched-memory-loaded',
          ours: toFigure([residentMib(pid)], 'MiB'),
          limit,
          note: `right after ${answers} polls of them, as fast as they were answered`,
        },
      ];
    } finally {
      await stop();
    }
  },
};
