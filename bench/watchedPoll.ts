// Polls of a warm instance: no API request, and as many in a second as one core gives, beside node:http with the same bytes.
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { READINESS, type Bed } from './instruments/bed';
import { openClient } from './instruments/client';
import { interleave } from './instruments/interleave';
import { load } from './instruments/load';
import type { Finding, Measurement } from './instruments/measurement';
import { pin } from './instruments/pin';
import { populate } from './instruments/population';
import { countRequests } from './instruments/requestCount';
import { cpuMicroseconds } from './instruments/processorTime';
import { compared, quantile, toFigure } from './instruments/statistics';
import { untilWarm } from './instruments/warm';

const SERVICES = 100;
const POLLS = 1_000;
const CONNECTIONS = 32;
const BURST_SECONDS = 1;
/** 5,000 polls in a second. */
const LIMIT_MICROSECONDS = 200;
const LIMIT_P99_MS = 15;

export const watchedPoll: Measurement = {
  name: 'watchedPoll',
  summary: `API requests of ${POLLS} warm polls of ${SERVICES} services; their rate at ${CONNECTIONS} connections beside bare node:http`,
  measure: async (bed) => {
    const names = await populate(bed, 'watched', SERVICES);
    return [await requestsOf(bed, names), ...(await rateOf(bed, names))];
  },
};

async function requestsOf(bed: Bed, names: readonly string[]): Promise<Finding> {
  const hub = bed.hub({ isRecorded: true });
  await untilWarm(async () => (await bed.recorder.during(async () => hub.poll(names[0] ?? ''))).length === 0);
  const { figure, note } = await countRequests(bed, async () => {
    for (let poll = 0; poll < POLLS; poll += 1) await hub.poll(names[poll % names.length] ?? '');
  });
  const all = `${POLLS} polls of ${SERVICES} services; a renewal of the watches may fall among them`;
  return { name: 'watched-poll-requests', ours: figure, limit: { of: 'ours', atMost: 0 }, note: `${all}; ${note}` };
}

async function rateOf(bed: Bed, names: readonly string[]): Promise<readonly Finding[]> {
  const authorization = bed.logins.basic;
  const paths = names.map((name) => `/api/services/${name}/`);
  const ours = await bed.launch({ path: READINESS });
  const client = openClient({ url: ours.url, headers: { authorization } });
  const body = JSON.stringify(await client.expect('GET', paths[0] ?? ''));
  client.close();
  const floor = await bed.launch({
    path: '/',
    args: [resolve('bench/watchedPoll/sameBytes.mjs')],
    environment: { BODY: body },
  });
  const isPinned = cpus().length > 1 && [pin(ours.pid, '0'), pin(floor.pid, '0'), pin(process.pid, '1')].every(Boolean);
  const p99Ms: number[] = [];
  const cpu: Record<'ours' | 'floor', number[][]> = { ours: [], floor: [] };
  const burst = async (side: 'ours' | 'floor'): Promise<number> => {
    const { url, pid } = { ours, floor }[side];
    const options = { url, connections: CONNECTIONS, seconds: BURST_SECONDS, paths, headers: { authorization } };
    const before = cpuMicroseconds(pid);
    const { answers, seconds, latenciesMs } = await load(options);
    cpu[side].push([(cpuMicroseconds(pid) - before) / answers]);
    if (side === 'ours') p99Ms.push(quantile(latenciesMs, 0.99));
    return (seconds * 1e6) / answers;
  };
  try {
    const sides = { ours: async () => burst('ours'), floor: async () => burst('floor') };
    const rounds = await interleave(sides, { warmUp: 2, turns: 2, seconds: 20 });
    const where = isPinned ? 'server on one core, load on another' : 'not pinned to cores';
    return [
      {
        name: 'watched-poll',
        ...compared(rounds.ours, rounds.floor, 'µs'),
        limit: { of: 'ours', atMost: LIMIT_MICROSECONDS },
        note: `time of one poll when ${CONNECTIONS} connections ask all the time; Basic login; ${where}`,
      },
      {
        name: 'watched-poll-cpu',
        ...compared(cpu.ours, cpu.floor, 'µs'),
        limit: { of: 'ours', atMost: LIMIT_MICROSECONDS },
        note: 'processor time of the server for one poll: what the rate comes to when nobody else uses the core',
      },
      {
        name: 'watched-poll-p99',
        ours: toFigure(p99Ms, 'ms'),
        limit: { of: 'ours', atMost: LIMIT_P99_MS },
        note: '99 of 100 polls of a burst were answered sooner; over all bursts, warm-up included',
      },
    ];
  } finally {
    await Promise.all([ours.stop(), floor.stop()]);
    if (isPinned) pin(process.pid, `0-${cpus().length - 1}`);
  }
}
