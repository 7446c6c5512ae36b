// Hundreds of jobs by several clients at once, against as many raw posts of the same manifest by the same account.
import type { Bed } from '../instruments/bed';
import type { Client } from '../instruments/client';
import { handOut, many } from '../instruments/handOut';
import { interleave, timed, type Side } from '../instruments/interleave';
import { withJobs, submit, type Hop, type JobsFunction } from '../instruments/jobsFunction';
import type { Measurement } from '../instruments/measurement';
import { cpuMicroseconds } from '../instruments/processorTime';
import { recordJob, WAITING_JOB, type RawJob } from '../instruments/rawJob';
import { removeJobs } from '../instruments/removeJobs';
import { compared, quantile } from '../instruments/statistics';

const JOBS = 500;
const CLIENTS = 16;
/** 0.8 times the rate is 1.25 times the time. */
const AT_MOST = 1.25;
/** These limits are our own. */
const OVER_HOP = 1.2;
const CPU_OVER_HOP = 2.5;
const FRESH_AT_MOST = 2;
/** V8 goes on compiling for some two thousand submissions, and until then each costs twice as much. */
const WARM_UP = 4;
const PACE = { rounds: 6, turns: 2, warmUp: 0, seconds: 360 };

export const jobBurst: Measurement = {
  name: 'jobBurst',
  summary: `${JOBS} jobs by ${CLIENTS} clients, against as many raw posts by as many clients`,
  measure: async (bed) => {
    const raw = await recordJob(bed, WAITING_JOB);
    const { fresh, ours, floor, hop, cpu } = await withJobs(bed, async (jobs) => {
      const bare = await jobs.openHop();
      const all = sides(bed, { jobs, hop: bare }, raw);
      const first = await all.ours();
      await interleave(all, { rounds: 0, warmUp: WARM_UP });
      const meters = { ours: metered(all.ours, jobs.pid), hop: metered(all.hop, bare.pid) };
      const rounds = await interleave({ ...all, ours: meters.ours.side, hop: meters.hop.side }, PACE);
      return { fresh: [[first]], ...rounds, cpu: { ours: meters.ours.samples, hop: meters.hop.samples } };
    });
    const rate = (samples: readonly number[]): string => ((JOBS * 1000) / quantile(samples, 0.5)).toFixed(0);
    const rawRate = `raw ${rate(floor.flat())} jobs/s`;
    return [
      {
        name: 'job-burst',
        ...compared(ours, floor, 'ms'),
        limit: { of: 'ratio', atMost: AT_MOST },
        note: `${JOBS} jobs, ${CLIENTS} clients, all sides after ${JOBS * WARM_UP} more: ${rate(ours.flat())} jobs/s, ${rawRate}`,
      },
      {
        name: 'job-burst-hop',
        ...compared(ours, hop, 'ms'),
        limit: { of: 'ratio', atMost: OVER_HOP },
        note: `peer: the same through a process of Node that does nothing but pass it on: ${rate(hop.flat())} jobs/s`,
      },
      {
        name: 'job-burst-bare',
        ...compared(hop, floor, 'ms'),
        limit: { of: 'ratio', atMost: AT_MOST },
        note: 'that process alone against raw: what is left of the limit is all that a function may take',
      },
      {
        name: 'job-burst-cpu',
        ...compared([cpu.ours], [cpu.hop], 'µs'),
        limit: { of: 'ratio', atMost: CPU_OVER_HOP },
        note: 'processor time of one submission in the function, and in that process',
      },
      {
        name: 'job-burst-fresh',
        ...compared(fresh, [floor.flat()], 'ms'),
        limit: { of: 'ratio', atMost: FRESH_AT_MOST },
        note: `the first burst of a new instance: ${rate(fresh.flat())} jobs/s, ${rawRate}, whose process is warm`,
      },
    ];
  },
};

/** The same side, and the processor time in microseconds that `pid` took for one job of each turn. */
function metered(side: Side, pid: number): { readonly side: Side; readonly samples: readonly number[] } {
  const samples: number[] = [];
  const withMeter: Side = async () => {
    const before = cpuMicroseconds(pid);
    const took = await side();
    samples.push((cpuMicroseconds(pid) - before) / JOBS);
    return took;
  };
  return { side: withMeter, samples };
}

/** Each finds an empty namespace; what was made is removed outside of the time. */
function sides(
  bed: Bed,
  { jobs, hop }: { readonly jobs: JobsFunction; readonly hop: Hop },
  raw: RawJob,
): Readonly<Record<'ours' | 'hop' | 'floor', Side>> {
  const callers = many(CLIENTS, jobs.client);
  const thenRemoved = async (work: () => Promise<void>): Promise<number> => {
    const took = await timed(work);
    await removeJobs(bed);
    return took;
  };
  const post = (posters: readonly Client[]): Side => {
    return async () => {
      const manifests = many(JOBS, raw.manifest);
      return thenRemoved(async () =>
        handOut(posters, manifests, async (client, body) => client.expect('POST', raw.path, { body })),
      );
    };
  };
  return {
    ours: async () => {
      const requests = many(JOBS, () => WAITING_JOB);
      return thenRemoved(async () => handOut(callers, requests, submit));
    },
    hop: post(many(CLIENTS, hop.client)),
    floor: post(many(CLIENTS, jobs.raw)),
  };
}
