// The jobs function as its image runs it, and what its callers ask of it.
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { READINESS, type Bed } from './bed';
import { openClient, type Client, type Endpoint } from './client';
import { inImage } from './image';
import { inCluster } from './inCluster';

export interface JobsFunction {
  readonly url: string;
  readonly pid: number;
  /** One more caller, with its own connection; closed with the function. */
  readonly client: () => Client;
  /** One more connection to the API server, as the function itself; closed with the function. */
  readonly raw: () => Client;
  /** Starts a process of Node that does nothing but pass on. */
  readonly openHop: () => Promise<Hop>;
  readonly close: () => Promise<void>;
}

export interface Hop {
  readonly pid: number;
  /** One more connection through it; closed with the function. */
  readonly client: () => Client;
}

/** What is asked for is part of what Kubernetes answers. */
export interface JobObject {
  readonly metadata: { readonly name: string };
  readonly state?: { readonly phase: string; readonly message: string };
}

/** Of the real cluster's node; the embedded one needs none. */
const IMAGE = 'dev.local/node:1';
const PATIENCE_MS = 120_000;

export async function launchJobs(bed: Bed, more: Readonly<Record<string, string>> = {}): Promise<JobsFunction> {
  const pod = await inCluster(bed.api);
  const environment = { ...bed.environment, ...pod.environment, ...more };
  const { url, pid, stop } = await bed.launch({ path: READINESS, args: inImage('jobs'), environment });
  const stops = [stop];
  const clients: Client[] = [];
  const opened = (endpoint: Endpoint): Client => {
    const client = openClient(endpoint);
    clients.push(client);
    return client;
  };
  return {
    url,
    pid,
    client: () => opened({ url, headers: { authorization: bed.logins.token } }),
    raw: () => opened(pod.endpoint),
    openHop: async () => {
      const args = [resolve('bench/jobs/bareHop.mjs')];
      const hop = await bed.launch({ path: '/', args, environment: pod.environment });
      stops.push(hop.stop);
      return { pid: hop.pid, client: () => opened({ url: hop.url, headers: {} }) };
    },
    close: async () => {
      for (const { close } of clients) close();
      await Promise.all(stops.map(async (each) => each()));
      pod.close();
    },
  };
}

export async function withJobs<T>(bed: Bed, work: (jobs: JobsFunction) => Promise<T>): Promise<T> {
  const jobs = await launchJobs(bed);
  try {
    return await work(jobs);
  } finally {
    await jobs.close();
  }
}

/** Runs a program of node on whichever cluster it is. */
export function scriptJob(script: string): object {
  const resources = { cpu: '10m', memory: '64Mi' };
  return { args: ['node', '-e', script], image: IMAGE, resources, retries: 0, deadlineSeconds: 600 };
}

export async function submit(client: Client, request: object): Promise<string> {
  const { metadata } = (await client.expect('POST', '/jobs', { body: request })) as JobObject;
  return metadata.name;
}

export async function untilPhase(client: Client, id: string, wanted: string): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const { state } = (await client.expect('GET', `/jobs/${id}`)) as JobObject;
    if (state?.phase === wanted) return;
    if (state?.phase === 'failed' || performance.now() > giveUpAt)
      throw new Error(`job ${id} is ${state?.phase}, not ${wanted}: ${state?.message}`);
    await sleep(100);
  }
}
