// Resident memory of an instance that has answered once and idles, beside that of bare node:http.
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Measurement } from './instruments/measurement';
import { residentMib } from './instruments/residentMemory';
import type { Server } from './instruments/server';
import { toFigure, toRatio } from './instruments/statistics';

const INSTANCES = 3;
const IDLE_MS = 5_000;
const LIMIT_MIB = 80;

export const memory: Measurement = {
  name: 'memory',
  summary: `VmRSS ${IDLE_MS / 1000} s after the first authenticated list, beside bare node:http`,
  isLocal: true,
  measure: async ({ launch, logins }) => {
    const headers = { authorization: logins.basic };
    const servers: Server[] = [];
    for (let instance = 0; instance < INSTANCES; instance += 1) {
      servers.push(await launch({ path: '/api/services/', headers }));
      servers.push(await launch({ path: '/', args: [resolve('bench/coldStart/bareHttp.mjs')] }));
    }
    await sleep(IDLE_MS);
    const used = servers.map(({ pid }) => residentMib(pid));
    await Promise.all(servers.map(async ({ stop }) => stop()));
    const [ours, floor] = [used.filter((_, index) => index % 2 === 0), used.filter((_, index) => index % 2 === 1)];
    return [
      {
        name: 'memory',
        ours: toFigure(ours, 'MiB'),
        floor: toFigure(floor, 'MiB'),
        ratio: toRatio(
          ours.map((mib) => [mib]),
          floor.map((mib) => [mib]),
        ),
        limit: { of: 'ours', atMost: LIMIT_MIB },
        note: 'VmRSS, after a first list with a Basic login',
      },
    ];
  },
};
