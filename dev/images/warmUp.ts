// Runs a function for a moment as a caller would find it, so that the code which it then has compiled can be kept.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kube } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import type { Condition } from '../../lib/status/observed';
import { imageCommand } from './command';
import type { Installation } from './installation';

const EVENT = {
  'ce-specversion': '1.0',
  'ce-id': '1',
  'ce-source': '/apis/v1/namespaces/default/pingsources/warm-up',
  'ce-type': 'dev.knative.sources.ping',
};
const JSON_BODY = { 'content-type': 'application/json' };
const START = {
  start_id: '1a2b3c4d',
  user_options: { service: 'hello' },
  env: { JUPYTERHUB_USER_ID: 1, JUPYTERHUB_API_TOKEN: 'none', JUPYTERHUB_STATUS_URL: 'none' },
};

interface Pod extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface Step {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** What a function that has the route leaves behind it. */
  readonly until?: (pods: readonly Pod[]) => boolean;
  /** Of a function that has the route. */
  readonly pauseMs?: number;
}

/** Whatever is begun behind an answer has come to its end, on a busy machine, too. */
const BEGUN_MS = 1_000;

/**
 * What the first caller of an instance may want; a function without such a route answers 404, which is compiled as well. Scrapes are
 * not among them: the runtime measures for a second behind each of them, and what that runs is a matter of luck. So would be what is
 * seen of a service that is about to start or to end: none is looked at in between.
 */
const STEPS: readonly Step[] = [
  { method: 'GET', path: '/health/readiness' },
  { method: 'GET', path: '/health/liveness' },
  // Begins to watch: before there is anything to see, each time.
  { method: 'GET', path: '/api/services/', pauseMs: BEGUN_MS },
  {
    method: 'POST',
    path: '/api/services/',
    headers: { ...JSON_BODY, uuidcode: 'warm' },
    body: START,
    until: ([pod]) =>
      pod?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true,
  },
  { method: 'GET', path: '/api/services/warm/' },
  { method: 'DELETE', path: '/api/services/warm/', until: ([pod]) => pod === undefined },
  { method: 'GET', path: '/archives' },
  { method: 'POST', path: '/', headers: { ...EVENT, ...JSON_BODY }, body: {} },
];

/** Hashes of names are part of compiled code. This one option V8 does not ask for again where the code runs. */
const SAME_EVERY_TIME = '--random-seed=1';

/** What runs only the second time, as there is something to find by then, has run by the last one. */
const ROUNDS = 2;
/** Events of what a call has changed come between it and the next. */
const PAUSE_MS = 50;
/** What goes on behind the last answer is over by then. */
const SETTLED_MS = 500;
/** A service takes a second or two; without an end the build would hang. */
const PATIENCE_MS = 30_000;

/** Leaves the compiled code beside each file that was loaded; fails when the function does not start and end well. */
export async function warmUp(folder: string, { environment, authorization, kube }: Installation): Promise<void> {
  const args = [...imageCommand().nodeOptions, SAME_EVERY_TIME, join(folder, 'start.cjs'), '--keep-code'];
  const child = spawn(process.execPath, args, { env: { ...environment }, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  try {
    const url = `http://127.0.0.1:${await listeningPort(child)}`;
    const ready = await fetch(`${url}/health/readiness`);
    if (!ready.ok) throw new Error(`the function in ${folder} does not become ready: ${await ready.text()}`);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const step of STEPS) await take(step, { url, authorization, kube });
    }
    await sleep(SETTLED_MS);
  } finally {
    child.kill('SIGTERM');
  }
  const [code] = (await exited) as [number | null];
  if (code !== 0) throw new Error(`the function in ${folder} ended with ${code}`);
}

interface Called {
  readonly url: string;
  readonly authorization: string;
  readonly kube: Pick<Kube, 'list'>;
}

async function take({ method, path, headers, body, until, pauseMs = 0 }: Step, called: Called): Promise<void> {
  const sent = { method, headers: { authorization: called.authorization, ...headers } };
  const answer = await fetch(called.url + path, { ...sent, ...(body && { body: JSON.stringify(body) }) });
  await answer.arrayBuffer();
  if (answer.ok) {
    if (until) await untilPods(called.kube, until, `${method} ${path}`);
    await sleep(pauseMs);
  }
  await sleep(PAUSE_MS);
}

async function untilPods(kube: Called['kube'], isSo: NonNullable<Step['until']>, after: string): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const selection = { apiVersion: 'v1', kind: 'Pod', namespace: 'default' };
  for (;;) {
    const { items } = await kube.list<Pod>(selection, { signal });
    if (isSo(items)) return;
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => {
      throw new Error(`after ${after} no such pods: ${JSON.stringify(items.map(({ status }) => status))}`);
    });
  }
}

async function listeningPort({ stdout }: ChildProcess): Promise<number> {
  const lines: string[] = [];
  for await (const line of createInterface(stdout ?? process.stdin)) {
    lines.push(line);
    const { message, address } = JSON.parse(line) as { message: string; address?: { port: number } };
    if (message === 'listening' && address) {
      stdout?.resume();
      return address.port;
    }
  }
  throw new Error(`a function ended at its start:\n${lines.join('\n')}`);
}
