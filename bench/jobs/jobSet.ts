// A set of five stages, from its submission to its end, less what its pods took: what it costs that they are a set.
import { randomUUID } from 'node:crypto';
import { toJobSet } from '../../lib/jobSets/jobSet';
import { setName } from '../../lib/jobSets/names';
import type { KubeObject } from '../../lib/kube/objects';
import type { Bed } from '../instruments/bed';
import type { Client } from '../instruments/client';
import { submit, withJobs } from '../instruments/jobsFunction';
import type { Measurement } from '../instruments/measurement';
import { jobsPath, removeJobs } from '../instruments/removeJobs';
import { launchStages } from '../instruments/stagesFunction';
import { watchStages, type StageTimes } from '../instruments/stageTimes';
import { compared, quantile, toFigure } from '../instruments/statistics';

const WARM_UP = 3;
const SETS = 12;
const STAGES = ['setup', 'verify', 'test', 'results', 'finalise'] as const;
const AT_MOST_MS = 1_500;
/** From the end of one pod to the next: a fifth of it. */
const GAP_MS = AT_MOST_MS / STAGES.length;
/** Of the whole set; this limit is our own. */
const AT_MOST = 1.1;

const SET = {
  stages: STAGES.map((name) => ({
    name,
    cmd: 'echo hello',
    image: 'dev.local/busybox:1',
    resources: { cpu: '10m', memory: '16Mi' },
    untrusted: name === 'test',
    always: name === 'finalise',
  })),
};

export const jobSet: Measurement = {
  name: 'jobSet',
  summary: `a set of ${STAGES.length} stages, less the time of its pods; against the same Jobs, each posted when a watch tells the end of the one before`,
  measure: async (bed) => {
    const [stages, times] = [await launchStages(bed), await watchStages(bed)];
    try {
      const { ours, raw } = await withJobs(bed, async (jobs) => runBoth({ bed, times, client: jobs.client() }));
      const added = (runs: readonly Run[]): readonly number[] => runs.map(({ addedMs }) => addedMs);
      const total = (runs: readonly Run[]): readonly number[] => runs.map(({ totalMs }) => totalMs);
      const gaps = (runs: readonly Run[]): readonly number[] => runs.flatMap(({ gapsMs }) => gapsMs);
      const pods = quantile(
        total(ours).map((ms, index) => ms - (added(ours)[index] ?? 0)),
        0.5,
      );
      return [
        {
          name: 'job-set-added',
          ...compared([added(ours)], [added(raw)], 'ms'),
          limit: { of: 'ours', atMost: AT_MOST_MS },
          note: `from POST /jobs to the end in the anchor, less ${STAGES.length} pods, each from its creation until the API server tells its end: ${pods.toFixed(0)} ms; ${PEER}`,
        },
        {
          name: 'job-set-gap',
          ours: toFigure(gaps(ours), 'ms'),
          floor: toFigure(gaps(raw), 'ms'),
          limit: { of: 'ours', atMost: GAP_MS },
          note: 'from the end of a pod to the pod of the next stage, the Job controller in between',
        },
        { name: 'job-set', ...compared([total(ours)], [total(raw)], 'ms'), limit: { of: 'ratio', atMost: AT_MOST } },
      ];
    } finally {
      times.close();
      await stages.close();
    }
  },
};

const PEER = 'peer: a client that posts the same Job of each stage when its watch tells that the pod before has ended';

interface Run {
  readonly totalMs: number;
  /** What is not the time of a pod. */
  readonly addedMs: number;
  readonly gapsMs: readonly number[];
}

interface Scene {
  readonly bed: Bed;
  readonly times: StageTimes;
  /** Of the jobs function. */
  readonly client: Client;
}

/** In turn, each in an empty namespace. */
async function runBoth(scene: Scene): Promise<{ readonly ours: readonly Run[]; readonly raw: readonly Run[] }> {
  const manifests = await manifestsOf(scene);
  await removeJobs(scene.bed);
  const runs = { ours: [] as Run[], raw: [] as Run[] };
  const sides = {
    ours: async () => runOurs(scene),
    raw: async () => runRaw(scene, manifests),
  };
  for (let turn = 0; turn < WARM_UP + SETS; turn += 1) {
    for (const side of turn % 2 === 0 ? (['ours', 'raw'] as const) : (['raw', 'ours'] as const)) {
      const run = await sides[side]();
      if (turn >= WARM_UP) runs[side].push(run);
      await removeJobs(scene.bed);
    }
  }
  return runs;
}

async function runOurs({ times, client }: Scene): Promise<Run> {
  const from = performance.now();
  const id = await submit(client, SET);
  const to = await moment(times, () => times.over(id));
  return told(times, id, { from, to });
}

async function runRaw({ bed, times }: Scene, manifests: (id: string) => readonly KubeObject[]): Promise<Run> {
  const id = randomUUID();
  const [client, path] = [bed.raw(), jobsPath(bed)];
  const from = performance.now();
  let to = from;
  for (const [index, manifest] of manifests(id).entries()) {
    await client.expect('POST', path, { body: manifest });
    to = await moment(times, () => times.ended(id, STAGES[index] ?? ''));
  }
  client.close();
  return told(times, id, { from, to });
}

async function moment(times: StageTimes, at: () => number | undefined): Promise<number> {
  for (let seen = at(); ; seen = at()) {
    if (seen !== undefined) return seen;
    await times.next();
  }
}

function told(times: StageTimes, id: string, { from, to }: { readonly from: number; readonly to: number }): Run {
  const pods = STAGES.map((stage) => ({
    made: times.made(id, stage) ?? Number.NaN,
    ended: times.ended(id, stage) ?? Number.NaN,
  }));
  const podsMs = pods.reduce((sum, { made, ended }) => sum + ended - made, 0);
  const gapsMs = pods.slice(1).map(({ made }, index) => made - (pods[index]?.ended ?? Number.NaN));
  return { totalMs: to - from, addedMs: to - from - podsMs, gapsMs };
}

/** What the function `stages` posts: it is in the anchor. */
async function manifestsOf({ bed, times, client }: Scene): Promise<(id: string) => readonly KubeObject[]> {
  const recorded = await submit(client, SET);
  await moment(times, () => times.over(recorded));
  const path = `/api/v1/namespaces/${bed.api.namespace}/configmaps/${setName(recorded)}`;
  const set = toJobSet((await bed.raw().expect('GET', path)) as KubeObject);
  return (id) => (set?.stages ?? []).map(({ job }) => renamed(job, recorded, id));
}

/** Of no kind that the function `stages` is told of. */
function renamed(manifest: KubeObject, recorded: string, id: string): KubeObject {
  const text = JSON.stringify(manifest).replaceAll(recorded, id).replaceAll('job-stage', 'raw-stage');
  return JSON.parse(text) as KubeObject;
}
