// Sweeps over thousands of jobs that have ended: API requests for each that is reaped, memory, time; and a sweep that finds nothing to do.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bed } from '../instruments/bed';
import { hasAny, jobMaker, type JobMaker } from '../instruments/finishedJobs';
import { interleave, timed } from '../instruments/interleave';
import type { Finding, Measurement } from '../instruments/measurement';
import { deleteEach, listPages } from '../instruments/rawSweep';
import { KEEP_ALL, KEEP_NONE, launchReaper, type Reaper } from '../instruments/reaperFunction';
import type { Recorded } from '../instruments/recorder';
import { jobsPath, removeJobs } from '../instruments/removeJobs';
import { peakMib } from '../instruments/residentMemory';
import { compared, toFigure } from '../instruments/statistics';

const COUNTED = 1_000;
const FEW = 2_000;
const JOBS = 10_000;
const REQUESTS_PER_JOB = 1.2;
const LIMIT_MIB = 150;
const EMPTY_MS = 3_000;
/** Constant in the number of objects, but for what a garbage collector leaves lying about. */
const GROWTH = 1.2;
/** A reaped job over a raw DELETE; this limit is our own. */
const AT_MOST = 1.5;
const MOST_SWEEPS = 20;

export const reap: Measurement = {
  name: 'reap',
  summary: `sweeps over ${JOBS} jobs that have ended: API requests per reaped job, peak memory, time; an empty sweep`,
  measure: async (bed) => {
    const jobs = await jobMaker(bed);
    const amount = (count: number): number => Math.round(count * bed.share);
    try {
      const requests = await requestsOf(bed, jobs, amount(COUNTED));
      await jobs.finish(amount(FEW));
      const few = await reapAll(bed, amount(FEW));
      await jobs.finish(amount(JOBS));
      const empty = await emptySweeps(bed, amount(JOBS));
      const all = await reapAll(bed, amount(JOBS));
      await jobs.finish(amount(COUNTED));
      const floorMs = (await timed(async () => deleteEach(bed))) / amount(COUNTED);
      return [requests, ...reaped(few, all, floorMs), ...empty];
    } finally {
      await removeJobs(bed);
    }
  },
};

async function requestsOf(bed: Bed, jobs: JobMaker, count: number): Promise<Finding> {
  await jobs.finish(count);
  const reaper = await launchReaper(bed, KEEP_NONE, { KUBE_API_URL: bed.recorder.url });
  try {
    const records = await bed.recorder.during(async () => untilSwept(bed, reaper));
    return {
      name: 'reap-requests',
      ours: toFigure([records.length / count], 'requests'),
      limit: { of: 'ours', atMost: REQUESTS_PER_JOB },
      note: `for each of ${count} reaped jobs whose logs are kept already: ${tally(records)}`,
    };
  } finally {
    await reaper.close();
  }
}

/** `1000 DELETE jobs, 4 GET configmaps`. */
function tally(records: readonly Recorded[]): string {
  const counts = new Map<string, number>();
  for (const { method, path } of records) {
    const [, kind = ''] = /[/]namespaces[/][^/]+[/]([^/?]+)/.exec(path) ?? [];
    counts.set(`${method} ${kind}`, (counts.get(`${method} ${kind}`) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => `${count} ${what}`).join(', ');
}

interface Reaped {
  readonly count: number;
  readonly ms: number;
  readonly sweeps: number;
  readonly peakMib: number;
}

/** By an instance that does nothing else. */
async function reapAll(bed: Bed, count: number): Promise<Reaped> {
  const reaper = await launchReaper(bed, KEEP_NONE);
  try {
    let sweeps = 0;
    const ms = await timed(async () => (sweeps = await untilSwept(bed, reaper)));
    return { count, ms, sweeps, peakMib: peakMib(reaper.pid) };
  } finally {
    await reaper.close();
  }
}

/** One sweep need not do all: as many as it takes, up to a limit. */
async function untilSwept(bed: Bed, reaper: Reaper): Promise<number> {
  const client = bed.raw();
  let last = '';
  for (let sweeps = 1; sweeps <= MOST_SWEEPS; sweeps += 1) {
    const { status, text } = await reaper.sweep();
    last = `${status} ${text.slice(0, 300)}`;
    if (!(await hasAny(client, `${jobsPath(bed)}?limit=1`))) return sweeps;
    await sleep(100);
  }
  throw new Error(`${MOST_SWEEPS} sweeps did not reap all jobs; the last one was answered ${last}`);
}

function reaped(few: Reaped, all: Reaped, floorMs: number): readonly Finding[] {
  const memory = (name: string, { count, peakMib: mib }: Reaped): Finding => ({
    name,
    ours: toFigure([mib], 'MiB'),
    limit: { of: 'ours', atMost: LIMIT_MIB },
    note: `most that the process ever occupied, with ${count} jobs to reap`,
  });
  return [
    memory('reap-memory-few', few),
    memory('reap-memory', all),
    {
      name: 'reap-memory-growth',
      ...compared([[all.peakMib]], [[few.peakMib]], 'MiB'),
      limit: { of: 'ratio', atMost: GROWTH },
      note: `${all.count} jobs against ${few.count}`,
    },
    {
      name: 'reap-time',
      ...compared([[all.ms / all.count]], [[floorMs]], 'ms'),
      limit: { of: 'ratio', atMost: AT_MOST },
      note: `of one job; ${all.count} in ${(all.ms / 1000).toFixed(1)} s and ${all.sweeps} sweeps; floor: raw DELETEs by 8 clients`,
    },
  ];
}

async function emptySweeps(bed: Bed, count: number): Promise<readonly Finding[]> {
  const reaper = await launchReaper(bed, KEEP_ALL);
  const raw = bed.raw();
  try {
    const { ours, floor } = await interleave(
      {
        ours: async () => timed(async () => sweepOnce(reaper)),
        floor: async () => timed(async () => listPages(bed, raw)),
      },
      { rounds: 3, turns: 2, seconds: 60 },
    );
    const left = await listPages(bed, raw);
    if (left.length !== count) throw new Error(`${left.length} of ${count} jobs are left after sweeps that keep all`);
    return [
      {
        name: 'empty-sweep',
        ...compared(ours, floor, 'ms'),
        limit: { of: 'ours', atMost: EMPTY_MS },
        note: `over ${count} jobs; floor: their pages listed and parsed, nothing else`,
      },
      {
        name: 'empty-sweep-memory',
        ours: toFigure([peakMib(reaper.pid)], 'MiB'),
        limit: { of: 'ours', atMost: LIMIT_MIB },
        note: 'most that the process ever occupied in these sweeps',
      },
    ];
  } finally {
    await reaper.close();
  }
}

async function sweepOnce({ sweep }: Reaper): Promise<void> {
  const { status, text } = await sweep();
  if (status < 200 || status > 299) throw new Error(`a sweep was answered ${status}: ${text.slice(0, 300)}`);
}
