// POST /jobs of a plain command: one API request, against the same manifest posted straight to the API server.
import type { Client } from '../instruments/client';
import { interleave, timed, type Side } from '../instruments/interleave';
import { withJobs, submit } from '../instruments/jobsFunction';
import type { Measurement } from '../instruments/measurement';
import { recordJob, WAITING_JOB, type RawJob } from '../instruments/rawJob';
import { removeJobs } from '../instruments/removeJobs';
import { compared } from '../instruments/statistics';

const AT_MOST = 1.3;
/** This limit is our own. */
const OVER_HOP = 1.2;
/** As many API requests as the starts of services have behind them when they are timed: what is asked is the cost of the API. */
const WARM_UP = 240;

export const jobSubmit: Measurement = {
  name: 'jobSubmit',
  summary: 'API requests of POST /jobs of a plain command, and its time against the raw POST of the same manifest',
  measure: async (bed) => {
    const raw = await recordJob(bed, WAITING_JOB);
    const { ours, floor, hop } = await withJobs(bed, async (jobs) => {
      const [client, viaHop] = [jobs.client(), (await jobs.openHop()).client()];
      const sides = {
        ours: async () => timed(async () => submit(client, WAITING_JOB)),
        hop: postBy(viaHop, raw),
        floor: postBy(jobs.raw(), raw),
      };
      await interleave(sides, { rounds: 0, warmUp: WARM_UP, pauseMs: 0 });
      await removeJobs(bed);
      return interleave(sides, { warmUp: 5, turns: 20 });
    });
    await removeJobs(bed);
    return [
      { name: 'job-submit-requests', ours: raw.count.figure, limit: { of: 'ours', atMost: 1 }, note: raw.count.note },
      {
        name: 'job-submit',
        ...compared(ours, floor, 'ms'),
        limit: { of: 'ratio', atMost: AT_MOST },
        note: `raw: the same manifest as the same account over one warm connection, its answer parsed; after ${WARM_UP} turns to warm up`,
      },
      {
        name: 'job-submit-hop',
        ...compared(ours, hop, 'ms'),
        limit: { of: 'ratio', atMost: OVER_HOP },
        note: 'peer: the same manifest through a process of Node that does nothing but pass it on',
      },
    ];
  },
};

function postBy(client: Client, { path, manifest }: RawJob): Side {
  return async () => {
    const body = manifest();
    return timed(async () => client.expect('POST', path, { body }));
  };
}
