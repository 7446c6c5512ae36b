// Jobs that have ended and whose logs are kept: on the embedded cluster their status says so, on a real one simulated nodes have run them.
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../lib/kube/objects';
import { ANNOTATIONS, LABELS } from '../../lib/labels';
import type { Bed } from './bed';
import type { Client } from './client';
import { handOut, many } from './handOut';
import { recordJob, type RawJob } from './rawJob';
import { jobsPath } from './removeJobs';

const CLIENTS = 16;
const PATIENCE_MS = 3_600_000;
const HOUR_MS = 3_600_000;

/** A command for the nodes that `crowd up` of the real cluster has made. */
const CROWD_JOB = {
  cmd: 'echo hello',
  image: 'dev.local/busybox:1',
  resources: { cpu: '10m', memory: '8Mi' },
  nodeSelector: { type: 'crowd' },
  tolerations: [{ key: 'crowd', operator: 'Exists' }],
};

export interface JobMaker {
  /** Makes so many more, and answers when the last one has ended. */
  readonly finish: (count: number) => Promise<void>;
}

export async function jobMaker(bed: Bed): Promise<JobMaker> {
  const raw = await recordJob(bed, CROWD_JOB);
  return { finish: async (count) => finish(bed, raw, count) };
}

async function finish(bed: Bed, { path, manifest }: RawJob, count: number): Promise<void> {
  const clients = many(CLIENTS, bed.raw);
  const { isReal } = bed.api;
  const jobs = many(count, () => captured(manifest(), isReal));
  await handOut(clients, jobs, async (client, body) => {
    await client.expect('POST', path, { body });
    if (!isReal) await tellEnd(client, `${path}/${body.metadata?.name}`);
  });
  if (isReal) await untilAllSucceeded(bed);
  for (const { close } of clients) close();
}

/** As the reaper marks a job when its logs are safe. On the embedded cluster suspended, so that nothing runs. */
function captured(job: KubeObject, isReal: boolean): KubeObject {
  const spec = job['spec'] as object;
  const now = new Date().toISOString();
  const mark = { [ANNOTATIONS.captured]: now, [ANNOTATIONS.endedAt]: now, [ANNOTATIONS.capturedGeneration]: '1' };
  const annotations = { ...job.metadata?.annotations, ...mark };
  const labels = { ...job.metadata?.labels, [LABELS.phase]: 'succeeded' };
  return {
    ...job,
    metadata: { ...job.metadata, labels, annotations },
    spec: isReal ? spec : { ...spec, suspend: true },
  };
}

async function tellEnd(client: Client, path: string): Promise<void> {
  const time = `${new Date(Date.now() - HOUR_MS).toISOString().slice(0, 19)}Z`;
  const conditions = [{ type: 'Complete', status: 'True', lastProbeTime: time, lastTransitionTime: time }];
  await client.expect('PATCH', `${path}/status`, {
    body: { status: { conditions, succeeded: 1, startTime: time, completionTime: time } },
    headers: { 'content-type': 'application/merge-patch+json' },
  });
}

async function untilAllSucceeded(bed: Bed): Promise<void> {
  const client = bed.raw();
  const path = `${jobsPath(bed)}?limit=1&fieldSelector=status.successful%3D0`;
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (await hasAny(client, path)) {
    if (performance.now() > giveUpAt) throw new Error('the jobs do not end; is the crowd up?');
    await sleep(1_000);
  }
  client.close();
}

export async function hasAny(client: Client, path: string): Promise<boolean> {
  const { items } = (await client.expect('GET', path)) as { readonly items: readonly unknown[] };
  return items.length > 0;
}
