// What somebody who may change log handlers does: asks the function logs, and looks at what the functions wrote.
import { readFileSync } from 'node:fs';
import { basic, WEB_SERVICE } from './credentialFiles';
import { eventually } from './eventually';
import type { FunctionEnvironment, FunctionProcess } from './functionProcess';
import type { Answer, Sent } from './httpClient';
import { createWorld, type World } from './world';

export interface Logs {
  readonly world: World;
  readonly instance: FunctionProcess;
  /** As credential `hub-a`, unless the headers say otherwise. */
  readonly send: (method: string, path: string, sent?: Sent) => Promise<Answer>;
  /** What must be answered with success. */
  readonly set: (method: string, handler: string, configuration?: object) => Promise<object>;
  /** Every handler but `stream`, and what is told of that, is gone. */
  readonly reset: () => Promise<void>;
}

export const HANDLER = '/api/logs/handler/';
/** A change is everywhere within this time. */
export const SPREAD_SECONDS = 2;

/** `hub-a` may change handlers, `hub-b` may not; both have services. */
export async function createLogs(config: object = {}, environment: FunctionEnvironment = {}): Promise<Logs> {
  const world = await createWorld({ config: { logs: config } });
  world.workspace.setCredential('hub-a', { groups: [WEB_SERVICE, 'access_to_logging'] });
  const instance = await world.addFunction('logs', environment);
  const headers = { authorization: basic('hub-a') };
  const send: Logs['send'] = async (method, path, sent = {}) =>
    instance.request(method, path, { ...sent, headers: { ...headers, ...sent.headers } });
  const set: Logs['set'] = async (method, handler, configuration) => {
    const path = method === 'POST' ? HANDLER : `${HANDLER}${handler}/`;
    const answer = await send(method, path, method === 'DELETE' ? {} : { json: { handler, configuration } });
    if (answer.status < 300) return answer.body as object;
    throw new Error(`${method} ${path} was answered ${answer.status}: ${answer.text}`);
  };
  const reset = async (): Promise<void> => {
    const { body } = await send('GET', HANDLER);
    for (const { handler } of body as { handler: string }[]) {
      if (handler !== 'stream') await set('DELETE', handler);
    }
  };
  return { world, instance, send, set, reset };
}

/** Until a file has a line in which all of this is. */
export async function lineIn(file: string, ...parts: readonly string[]): Promise<string> {
  return eventually(async () => {
    const lines = readFileSync(file, 'utf8').split('\n');
    const found = lines.find((line) => parts.every((part) => line.includes(part)));
    if (found === undefined)
      throw new Error(`${file} has no line with ${parts.join(', ')}:\n${lines.slice(-5).join('\n')}`);
    return found;
  }, SPREAD_SECONDS + 3);
}
