// Job sets with the function that brings them on, and what a platform would tell it of their pods.
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../lib/kube/objects';
import type { FunctionProcess } from './functionProcess';
import { createJobs, type JobObject, type Jobs } from './jobs';
import { callerOf, UPDATED, type Caller } from './statusFunction';
import type { World } from './world';

export interface StageSeen {
  readonly name: string;
  readonly phase: string;
  readonly reason?: string;
  readonly exitCode?: number;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly message: string;
}

export interface JobSets extends Jobs {
  readonly stages: FunctionProcess;
  readonly caller: Caller;
  /** Names of stages with their phases. */
  readonly phases: (job: JobObject) => Promise<readonly string[]>;
  /** From then on only sweeps find anything. */
  readonly stopEvents: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export const STAGE_PODS = 'hub-functions/kind=job-stage';
const INTERVAL_MS = 100;

export async function createJobSets(config: object = {}, more: object = {}): Promise<JobSets> {
  const jobs = await createJobs(config, more);
  const stages = await jobs.world.addFunction('stages');
  const events = tellOfPods(jobs.world, stages);
  return {
    ...jobs,
    stages,
    caller: callerOf(stages, jobs.world.cluster.kube),
    phases: async ({ metadata }) =>
      stagesOf(await jobs.get(metadata.name)).map(({ name, phase }) => `${name} ${phase}`),
    stopEvents: events.stop,
    close: async () => {
      await events.stop();
      await jobs.world.close();
    },
  };
}

export function stagesOf({ state }: JobObject): readonly StageSeen[] {
  return (state as unknown as { readonly stages: readonly StageSeen[] }).stages;
}

export interface Events {
  readonly stop: () => Promise<void>;
}

/** Tells a function of each change to a stage's pod, until it is stopped. */
export function tellOfPods({ cluster }: Pick<World, 'cluster'>, stages: FunctionProcess): Events {
  const { send } = callerOf(stages, cluster.kube);
  const stopping = new AbortController();
  const told = new Map<string, string>();
  const tell = async (pod: KubeObject): Promise<void> => {
    const { uid = '', resourceVersion = '' } = pod.metadata ?? {};
    if (told.get(uid) === resourceVersion) return;
    told.set(uid, resourceVersion);
    // What is not taken is not told again: a sweep has to find it.
    await send(UPDATED, { apiVersion: 'v1', kind: 'Pod', ...pod }).catch(() => undefined);
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const pods = await cluster.kube.list('pods', STAGE_PODS).catch(() => []);
      await Promise.all(pods.map(tell));
      await sleep(INTERVAL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
