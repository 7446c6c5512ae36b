// What somebody with a login does with jobs: submits, looks, waits.
import { basic, WEB_SERVICE } from './credentialFiles';
import { eventually } from './eventually';
import { openEventStream, type EventStream } from './eventSource';
import type { FunctionProcess } from './functionProcess';
import type { Answer, Sent } from './httpClient';
import { BUSYBOX } from './manifests';
import { createWorld, type World } from './world';

export interface JobObject {
  readonly metadata: { readonly name: string; readonly uid: string; readonly labels: Record<string, string> };
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly object[] } } };
  readonly status: Record<string, unknown>;
  readonly state: {
    readonly phase: string;
    readonly reason?: string;
    readonly message: string;
    readonly exitCode?: number;
    readonly attempts: number;
    readonly lastLines?: readonly string[];
  };
}

export interface Jobs {
  readonly world: World;
  readonly instance: FunctionProcess;
  /** As credential `hub-a`, unless the headers say otherwise. */
  readonly send: (method: string, path: string, sent?: Sent) => Promise<Answer>;
  readonly submit: (json: object, headers?: Sent['headers']) => Promise<JobObject>;
  readonly get: (id: string) => Promise<JobObject>;
  readonly logs: (id: string, query?: string) => Promise<Answer>;
  readonly until: (job: JobObject, phase: string) => Promise<JobObject>;
  readonly ended: (job: JobObject) => Promise<JobObject>;
  readonly follow: (id: string, options?: Following) => Promise<EventStream>;
}

export interface Following {
  readonly lastEventId?: string | undefined;
  readonly instance?: FunctionProcess;
}

/** Small and quick ones. */
export const JOB_DEFAULTS = {
  image: BUSYBOX,
  pullPolicy: 'IfNotPresent',
  resources: { cpu: '1m', memory: '1M' },
  retries: 0,
};

/** `hub-a` and `hub-b` may use jobs, `stranger` may not. */
export async function createJobs(config: object = {}, more: object = {}): Promise<Jobs> {
  const world = await createWorld({ config: { jobs: { defaults: JOB_DEFAULTS, ...config }, ...more } });
  for (const hub of ['hub-a', 'hub-b']) {
    world.workspace.setCredential(hub, { groups: [WEB_SERVICE, 'access_to_jobs'] });
  }
  world.workspace.setCredential('stranger', { groups: [WEB_SERVICE] });
  return { world, ...jobsOf(await world.addFunction('jobs')) };
}

export function jobsOf(instance: FunctionProcess, credential = 'hub-a'): Omit<Jobs, 'world'> {
  const authorization = basic(credential);
  const send: Jobs['send'] = async (method, path, { headers, ...sent } = {}) =>
    instance.request(method, path, { ...sent, headers: { authorization, ...headers } });
  const get: Jobs['get'] = async (id) => (await send('GET', `/jobs/${id}`)).body as JobObject;
  const untilIt = async ({ metadata }: JobObject, isWanted: (phase: string) => boolean): Promise<JobObject> =>
    eventually(async () => {
      const job = await get(metadata.name);
      if (isWanted(job.state.phase)) return job;
      throw new Error(`job ${metadata.name} is ${job.state.phase}: ${job.state.message}`);
    }, 60);
  return {
    instance,
    send,
    get,
    submit: async (json, headers = {}) => {
      const answer = await send('POST', '/jobs', { json, headers });
      if (answer.status !== 200) throw new Error(`POST /jobs was answered ${answer.status}: ${answer.text}`);
      return answer.body as JobObject;
    },
    logs: async (id, query = '') => send('GET', `/jobs/${id}/logs${query}`),
    until: async (job, wanted) => untilIt(job, (phase) => phase === wanted),
    ended: async (job) => untilIt(job, (phase) => !['queued', 'starting', 'running'].includes(phase)),
    follow: async (id, { lastEventId, instance: other = instance } = {}) => {
      const resumed = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
      return openEventStream(`${other.url}/jobs/${id}/events`, { ...other.headers, authorization, ...resumed });
    },
  };
}
