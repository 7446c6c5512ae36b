// The intake function of a test: a real Redis before it, the jobs function of an embedded cluster behind it.
import { createHmac } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tokenOf } from '../credentialFiles';
import { eventually } from '../eventually';
import type { FunctionProcess } from '../functionProcess';
import type { Answer } from '../httpClient';
import { createJobs, type JobObject, type Jobs } from '../jobs';
import { callerOf } from '../statusFunction';
import { INTAKE_USER, redisPassword, startRedis, type RedisServer, type RedisUser } from './redisServer';

export interface Intake extends Jobs {
  readonly redis: RedisServer;
  readonly redisUser: RedisUser;
  readonly push: (list: string, ...messages: readonly (string | object)[]) => Promise<void>;
  /** What a list holds, the newest first. */
  readonly items: (list: string) => Promise<readonly string[]>;
  readonly dead: (queue: string) => Promise<readonly DeadLetter[]>;
  /** One more instance. `routed`: in place of the port of Redis and of the jobs function; where the archive function is. */
  readonly addIntake: (routed?: Routed) => Promise<FunctionProcess>;
  /** Of the function that all share: as a timer calls it. */
  readonly drain: (instance?: FunctionProcess) => Promise<Answer>;
  readonly event: (source: string, data: object, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  /** Jobs of `hub-a`, by a label of the request. */
  readonly jobsWith: (test: string) => Promise<readonly string[]>;
  readonly intake: FunctionProcess;
  readonly close: () => Promise<void>;
}

export interface Routed {
  readonly redis?: number;
  readonly jobs?: string;
  readonly archives?: string;
}

export interface DeadLetter {
  readonly id: string;
  readonly reason: string;
  readonly attempts: number;
  readonly body: string;
  readonly user?: string;
}

export const CHANNEL_KEY = 'a secret of more than thirty-two bytes, of a test';

const CHANNEL = { credential: 'hub-a', takes: ['request', 'submission', 'cancel'] };

export const QUEUES = {
  submit: { ...CHANNEL, identity: 'list' },
  trusted: { ...CHANNEL, identity: 'trusted' },
  signed: { ...CHANNEL, identity: 'signed' },
  work: CHANNEL,
  cleanup: { credential: 'hub-a', takes: ['cancel'] },
};

const EVENTS = [
  { ...CHANNEL, name: 'events', source: '/signed/*', identity: 'signed' },
  { ...CHANNEL, name: 'inside', source: '/inside', identity: 'trusted', takes: ['request'] },
];

export interface IntakeOptions {
  readonly users?: readonly string[];
  readonly intake?: object;
  readonly jobs?: object;
}

export async function createIntake({
  users = [],
  intake: more = {},
  jobs: config = {},
}: IntakeOptions = {}): Promise<Intake> {
  const redis = await startRedis(users);
  const jobs = await createJobs(config);
  const { world } = jobs;
  const secrets = writeSecrets(world.workspace.root);
  const addIntake: Intake['addIntake'] = async (routed = {}) => {
    const settings = {
      redis: `redis://127.0.0.1:${routed.redis ?? redis.port}`,
      queues: QUEUES,
      events: EVENTS,
      ...more,
    };
    const file = world.workspace.write(`intake-${routed.redis ?? 0}.json`, JSON.stringify({ intake: settings }));
    const environment = {
      CONFIG_PATH: file,
      INTAKE_SECRETS: secrets,
      JOBS_URL: routed.jobs ?? jobs.instance.url,
      ...(routed.archives !== undefined && { ARCHIVES_URL: routed.archives }),
    };
    return world.addFunction('intake', environment);
  };
  const intake = await addIntake();
  const redisUser = await redis.as();
  const items: Intake['items'] = async (list) => (await redisUser.send('LRANGE', list, 0, -1)) as string[];
  const { send } = callerOf(intake, world.cluster.kube);
  return {
    ...jobs,
    redis,
    redisUser,
    intake,
    addIntake,
    items,
    push: async (list, ...messages) => {
      const texts = messages.map((message) => (typeof message === 'string' ? message : JSON.stringify(message)));
      await redisUser.send('LPUSH', list, ...texts);
    },
    dead: async (queue) => (await items(`${queue}:dead`)).map((text) => JSON.parse(text) as DeadLetter),
    drain: async (instance = intake) => callerOf(instance, world.cluster.kube).ping(),
    event: async (source, data, headers = {}) =>
      send('hub-functions.request.v1', data, { 'ce-source': source, ...headers }),
    jobsWith: async (test) =>
      (await world.cluster.kube.list('jobs', `test=${test}`)).map(({ metadata }) => metadata?.name ?? ''),
    close: async () => {
      redisUser.close();
      await world.close();
      await redis.stop();
    },
  };
}

/** What stays where it is until somebody cancels it. */
export function waiting(test: string, more: object = {}): { readonly request: object } {
  return { request: { cmd: 'true', nodeSelector: { nowhere: 'at-all' }, labels: { test }, ...more } };
}

export async function untilGone(jobs: Jobs, ids: readonly string[]): Promise<void> {
  await eventually(async () => {
    const left = await Promise.all(ids.map(async (id) => jobs.get(id)));
    return left.every(({ state }: JobObject) => state.phase === 'cancelled') || undefined;
  });
}

/** A JWT with HS256. */
export function sign(payload: object, key = CHANNEL_KEY, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const now = Math.floor(Date.now() / 1000);
  const text = `${part(header)}.${part({ iat: now, exp: now + 600, jti: String(Math.random()), ...payload })}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function writeSecrets(root: string): string {
  const folder = join(root, 'intake');
  mkdirSync(folder);
  const files = {
    'redis-username': INTAKE_USER,
    'redis-password': redisPassword(INTAKE_USER),
    'token.hub-a': tokenOf('hub-a'),
    'key.signed': CHANNEL_KEY,
    'key.events': CHANNEL_KEY,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), `${text}\n`);
  return folder;
}
