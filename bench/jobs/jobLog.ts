// The long log of a finished job, read through the function: how fast beside a direct read, and in how much memory.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bed } from '../instruments/bed';
import type { Client } from '../instruments/client';
import { interleave, timed } from '../instruments/interleave';
import { withJobs, scriptJob, submit, untilPhase } from '../instruments/jobsFunction';
import type { Finding, Measurement } from '../instruments/measurement';
import { removeJobs } from '../instruments/removeJobs';
import { peakMib } from '../instruments/residentMemory';
import { compared, quantile, toFigure } from '../instruments/statistics';
import { podPath } from '../instruments/podPath';

const LINE_BYTES = 1_000;
const LINES = 100_000;
/** A kubelet rotates logs at 10 MiB, and the API server gives the current file only. */
const LINES_OF_ONE_FILE = 8_000;
const LIMIT_MIB = 120;
/** What is required is the memory; this limit is our own. */
const AT_MOST = 2;
const STALL_MS = 3_000;

export const jobLog: Measurement = {
  name: 'jobLog',
  summary:
    'a log of 100 MB (8 MB with --kubeconfig) of a finished job: peak memory, and its time against a direct read',
  measure: async (bed) => {
    const lines = Math.round((bed.api.isReal ? LINES_OF_ONE_FILE : LINES) * bed.share);
    const id = await written(bed, lines);
    const bytes = lines * LINE_BYTES;
    const findings = [...(await memoryOf(bed, id, bytes)), await speedOf(bed, id, bytes)];
    await removeJobs(bed);
    return findings;
  },
};

async function written(bed: Bed, lines: number): Promise<string> {
  const script = `
    const line = 'x'.repeat(${LINE_BYTES - 1}) + '\\n';
    for (let count = 0; count < ${lines}; count += 100) process.stdout.write(line.repeat(Math.min(100, ${lines} - count)));
  `;
  return withJobs(bed, async (jobs) => {
    const client = jobs.client();
    const id = await submit(client, scriptJob(script));
    await untilPhase(client, id, 'succeeded');
    return id;
  });
}

/** Of an instance that does nothing else. */
async function memoryOf(bed: Bed, id: string, bytes: number): Promise<readonly Finding[]> {
  return withJobs(bed, async ({ client, pid }) => {
    const path = `/jobs/${id}/logs`;
    await read(client(), { path, bytes });
    const fast = peakMib(pid);
    await read(client(), { path, bytes, stallMs: STALL_MS });
    const finding = (name: string, mib: number, note: string): Finding => ({
      name,
      ours: toFigure([mib], 'MiB'),
      limit: { of: 'ours', atMost: LIMIT_MIB },
      note: `most that the process ever occupied, ${bytes / 1e6} MB of log; ${note}`,
    });
    return [
      finding('job-log-memory', fast, 'read as fast as it comes'),
      finding('job-log-memory-stalled', peakMib(pid), `and by a reader that stops for ${STALL_MS / 1000} s`),
    ];
  });
}

async function speedOf(bed: Bed, id: string, bytes: number): Promise<Finding> {
  const { ours, floor } = await withJobs(bed, async (jobs) => {
    const [client, raw, pod] = [jobs.client(), bed.raw(), await podPath(bed, id)];
    return interleave(
      {
        ours: async () => timed(async () => read(client, { path: `/jobs/${id}/logs`, bytes })),
        floor: async () => timed(async () => read(raw, { path: `${pod}/log`, bytes })),
      },
      { rounds: 3, turns: 4, seconds: 90 },
    );
  });
  const rate = (samples: readonly number[]): string => (bytes / 1e3 / quantile(samples, 0.5)).toFixed(0);
  return {
    name: 'job-log',
    ...compared(ours, floor, 'ms'),
    limit: { of: 'ratio', atMost: AT_MOST },
    note: `${bytes / 1e6} MB: ${rate(ours.flat())} MB/s, from the API server ${rate(floor.flat())} MB/s`,
  };
}

interface Reading {
  readonly path: string;
  /** That have to come. */
  readonly bytes: number;
  /** After the first of them. */
  readonly stallMs?: number;
}

async function read(client: Client, { path, bytes, stallMs }: Reading): Promise<void> {
  let count = 0;
  for await (const chunk of await client.open(path)) {
    if (count === 0 && stallMs !== undefined) await sleep(stallMs);
    count += chunk.length;
  }
  if (count !== bytes) throw new Error(`${path} gave ${count} bytes, not ${bytes}`);
}
