// Runs a function for a moment as a caller would find it, so that the code which it then has compiled can be kept.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
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

/**
 * What the first caller of an instance may want; a function without such a route answers 404, which is compiled as well. Scrapes are
 * not among them: the runtime measures for a second behind each of them, and what that runs is a matter of luck.
 */
const CALLS: readonly (readonly [method: string, path: string, headers?: object, body?: object])[] = [
  ['GET', '/health/readiness'],
  ['GET', '/health/liveness'],
  ['GET', '/api/services/'],
  ['POST', '/api/services/', { ...JSON_BODY, uuidcode: 'warm' }, START],
  ['GET', '/api/services/warm/'],
  ['DELETE', '/api/services/warm/'],
  ['GET', '/archives'],
  ['POST', '/', { ...EVENT, ...JSON_BODY }, {}],
];

/** Hashes of names are part of compiled code. This one option V8 does not ask for again where the code runs. */
const SAME_EVERY_TIME = '--random-seed=1';

/** What only sometimes runs the first time, as an answer comes before an event or after it, has run by the last one. */
const ROUNDS = 4;
/** Events of what a call has changed come between it and the next. */
const PAUSE_MS = 50;
/** What goes on behind the last answer is over by then. */
const SETTLED_MS = 500;

/** Leaves the compiled code beside each file that was loaded; fails when the function does not start and end well. */
export async function warmUp(folder: string, { environment, authorization }: Installation): Promise<void> {
  const args = [...imageCommand().nodeOptions, SAME_EVERY_TIME, join(folder, 'start.cjs'), '--keep-code'];
  const child = spawn(process.execPath, args, { env: { ...environment }, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  try {
    const url = `http://127.0.0.1:${await listeningPort(child)}`;
    const [ready] = await inTurn(
      Array.from({ length: ROUNDS }, () => CALLS).flat(),
      async ([method, path, headers = {}, body]) => {
        const sent = { method, headers: { authorization, ...headers }, ...(body && { body: JSON.stringify(body) }) };
        const answer = await fetch(url + path, sent);
        await answer.arrayBuffer();
        await sleep(PAUSE_MS);
        return answer.status;
      },
    );
    await sleep(SETTLED_MS);
    if (ready !== 200) throw new Error(`the function in ${folder} does not become ready`);
  } finally {
    child.kill('SIGTERM');
  }
  const [code] = (await exited) as [number | null];
  if (code !== 0) throw new Error(`the function in ${folder} ended with ${code}`);
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

async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
