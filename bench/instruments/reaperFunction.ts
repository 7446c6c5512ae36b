// The reaper as its image runs it, with a policy for jobs that succeeded; each sweep is a cron call.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { READINESS, type Bed } from './bed';
import { openClient, type Answer } from './client';
import { inImage } from './image';
import { inCluster } from './inCluster';

export interface Reaper {
  readonly pid: number;
  readonly sweep: () => Promise<Answer>;
  readonly close: () => Promise<void>;
}

export interface Policy {
  /** How long after its end a job is kept. */
  readonly age_seconds: number;
  /** How many are kept at most. */
  readonly count: number;
}

export const KEEP_ALL: Policy = { age_seconds: 1e8, count: 1e6 };
export const KEEP_NONE: Policy = { age_seconds: 1, count: 0 };

const CRON = { 'x-connector': 'cron-connector' };

export async function launchReaper(
  bed: Bed,
  success: Policy,
  more: Readonly<Record<string, string>> = {},
): Promise<Reaper> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-functions-bench-reaper-'));
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ reaper: { dry_run: false, jobs: { success } } }));
  const pod = await inCluster(bed.api);
  const environment = { ...bed.environment, ...pod.environment, CONFIG_PATH: config, ...more };
  const { url, pid, stop } = await bed.launch({ path: READINESS, args: inImage('reaper'), environment });
  const client = openClient({ url, headers: CRON });
  return {
    pid,
    sweep: async () => client.send('POST', '/'),
    close: async () => {
      client.close();
      await stop();
      pod.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
