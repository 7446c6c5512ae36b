// A job writes a thousand lines each second, and all of them come through GET logs?follow=true, soon; beside a follower of the API server itself.
import { withJobs, scriptJob, submit, untilPhase } from '../instruments/jobsFunction';
import type { Client } from '../instruments/client';
import type { Finding, Measurement } from '../instruments/measurement';
import { podPath } from '../instruments/podPath';
import { removeJobs } from '../instruments/removeJobs';
import { compared, quantile, toFigure } from '../instruments/statistics';

const LINES_PER_SECOND = 1_000;
const SECONDS = 60;
/** Until both followers listen. */
const DELAY_MS = 3_000;
/** What the way through the function may add; what is required is that no line is lost, these limits are our own. */
const ADDED_MS = 10;
const ADDED_P99_MS = 50;

export const jobFollow: Measurement = {
  name: 'jobFollow',
  summary: `${LINES_PER_SECOND} log lines each second for ${SECONDS} s, followed: lines lost or doubled, lag of lines`,
  measure: async (bed) => {
    const total = Math.round(LINES_PER_SECOND * SECONDS * bed.share);
    const [ours, floor] = await withJobs(bed, async (jobs) => {
      const client = jobs.client();
      const id = await submit(client, scriptJob(writer(total)));
      await untilPhase(client, id, 'running');
      return Promise.all([
        follow(client, `/jobs/${id}/logs?follow=true`),
        follow(bed.raw(), `${await podPath(bed, id)}/log?follow=true`),
      ]);
    });
    await removeJobs(bed);
    return findings(total, ours, floor);
  },
};

interface Line {
  readonly index: number;
  readonly lagMs: number;
}

/** As many lines as are due by the clock, so that a slow moment is made up for; each tells when it was written. */
function writer(total: number): string {
  return `
    let written = 0;
    setTimeout(() => {
      const from = Date.now();
      const timer = setInterval(() => {
        const due = Math.min(${total}, (Date.now() - from) * ${LINES_PER_SECOND / 1000});
        let text = '';
        for (; written < due; written += 1) text += written + ' ' + Date.now() + ' ' + 'x'.repeat(20) + '\\n';
        process.stdout.write(text);
        if (written === ${total}) clearInterval(timer);
      }, 5);
    }, ${DELAY_MS});
  `;
}

async function follow(client: Client, path: string): Promise<readonly Line[]> {
  const lines: Line[] = [];
  let rest = '';
  for await (const chunk of await client.open(path)) {
    const now = Date.now();
    const whole = (rest + chunk.toString('utf8')).split('\n');
    rest = whole.pop() ?? '';
    for (const line of whole) {
      const [index, writtenAt] = line.split(' ').map(Number);
      lines.push({ index: index ?? Number.NaN, lagMs: now - (writtenAt ?? Number.NaN) });
    }
  }
  return lines;
}

function findings(total: number, ours: readonly Line[], floor: readonly Line[]): readonly Finding[] {
  const lag = (lines: readonly Line[]): readonly number[] => lines.map(({ lagMs }) => lagMs);
  const p99 = (lines: readonly Line[]): readonly (readonly number[])[] => [[quantile(lag(lines), 0.99)]];
  const direct = 'floor: follows the same log at the API server at the same time';
  return [
    {
      name: 'job-follow-wrong',
      ours: toFigure([wrong(ours, total)], 'lines'),
      floor: toFigure([wrong(floor, total)], 'lines'),
      limit: { of: 'ours', atMost: 0 },
      note: `lost, doubled or out of order, of ${total} lines; ${direct}`,
    },
    {
      name: 'job-follow-lag',
      ...compared([lag(ours)], [lag(floor)], 'ms'),
      limit: { of: 'difference', atMost: ADDED_MS },
      note: `from the writing of a line to its arrival; ${direct}`,
    },
    {
      name: 'job-follow-lag-p99',
      ...compared(p99(ours), p99(floor), 'ms'),
      limit: { of: 'difference', atMost: ADDED_P99_MS },
      note: '99 of 100 lines came sooner',
    },
  ];
}

/** How many of the numbers are missing, and how many lines are not the next one. */
function wrong(lines: readonly Line[], total: number): number {
  const seen = new Set(lines.map(({ index }) => index));
  const astray = lines.filter(({ index }, at) => index <= (lines[at - 1]?.index ?? -1) || !(index < total)).length;
  return total - seen.size + astray;
}
